import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { routeOf } from '../../../src/authsignal/route.js';
import { USER_AGENT } from '../../../src/authsignal/user-agent.js';

describe('the user agent', () => {
  it('carries the version of the package', () => {
    const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(USER_AGENT).toBe(`${name}/${version}`);
  });
});

describe('a route', () => {
  it('gives every id back from the segment it was put in, or refuses it', () => {
    const ids = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[./\\?#%;:@ ]*$/),
    );
    fc.assert(
      fc.property(ids, ids, (user, action) => {
        const route = routeOf('users', ['userId', user], 'actions', ['action', action]);
        if (!route.ok) {
          expect([user, action].some((id) => ['', '.', '..'].includes(id))).toBe(true);
          return;
        }
        const segments = route.path.split('/');
        expect(segments.map(decodeURIComponent)).toEqual(['', 'users', user, 'actions', action]);
        expect(new URL(route.path, 'http://127.0.0.1').pathname).toBe(route.path);
      }),
      { numRuns: 500 },
    );
  });

  it.each([undefined, null, 7, {}, '', '.', '..', '\udc00'])('has no segment for %j', (id) => {
    const untyped = id as string;
    expect(routeOf('users', ['userId', untyped])).toEqual({ ok: false, field: 'userId' });
  });
});
