import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { mountPath } from '../../../src/express/inventory/mount-path.js';
import { WARNING_CODES, warningOf } from '../../../src/inventory/action-warning.js';
import { inventoryText, summaryText, warningText } from '../../../src/inventory/inventory-text.js';
import type { ListedAction } from '../../../src/inventory/listed-action.js';
import { loosenedFields, shadowedFields } from '../../../src/inventory/policy-layers.js';

const page = readFileSync('docs/inventory.md', 'utf8');

describe('warnings', () => {
  it('have one heading each on their page, in the order of the codes', () => {
    const headings = [...page.matchAll(/^### (\S+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(WARNING_CODES);
  });

  it('lead to that heading', () => {
    for (const code of WARNING_CODES) {
      expect(warningOf(code, [], false).page).toBe(`authsignal-guard/docs/inventory.md#${code}`);
    }
  });

  it('have the level that the page tells', () => {
    const told = Object.fromEntries(
      [
        ...page.matchAll(/^### (\S+)\n\n(Warning|Note; a warning with `--production`|Note)\./gm),
      ].map(([, code = '', levels = '']) => [code, levels]),
    );
    for (const code of WARNING_CODES) {
      const [usual, production] = [false, true].map((is) => warningOf(code, [], is).level);
      const more = usual === production ? '' : `; a ${production} with \`--production\``;
      const levels = `${usual === 'warning' ? 'Warning' : 'Note'}${more}`;
      expect([code, told[code]]).toEqual([code, levels]);
    }
  });

  it('are one line that names a few places, each once', () => {
    const places = ['A.a', 'A.a', 'A.b', 'A.c', 'A.d', 'A.e', 'A.f', 'A.g'];
    expect(warningText(warningOf('observed', places, false))).toBe(
      'observed: `mode: "observe"`: nothing is refused: A.a, A.b, A.c, A.d, A.e and 2 more. ' +
        'See authsignal-guard/docs/inventory.md#observed',
    );
    expect(warningText(warningOf('memory_store', [], false))).toMatch(/`replayStore`\. See \S+$/);
  });
});

describe('the policy of a method over that of its class', () => {
  it.each([
    ['requireChallenge', true, false],
    ['whenUnenrolled', 'deny', 'allow'],
    ['whenUnavailable', 'deny', 'allow'],
    ['mode', 'enforce', 'observe'],
    ['maxProofAgeMs', 60_000, 60_001],
    ['methods', ['PASSKEY'], ['PASSKEY', 'SMS']],
  ])(
    'is laxer in %s where it is %j and becomes %j, not the other way round',
    (name, one, other) => {
      const [strict, lax] = [{ [name]: one }, { [name]: other }];
      expect(loosenedFields({ ofClass: strict, ofMethod: lax })).toEqual([name]);
      expect(loosenedFields({ ofClass: lax, ofMethod: strict })).toEqual([]);
      expect(loosenedFields({ ofClass: strict, ofMethod: strict })).toEqual([]);
      expect(loosenedFields({ ofClass: {}, ofMethod: lax })).toEqual([]);
      expect(shadowedFields({ ofClass: strict, ofMethod: lax })).toEqual([name]);
      expect(shadowedFields({ ofClass: {}, ofMethod: lax })).toEqual([]);
    },
  );
});

describe('the text of an inventory', () => {
  const action: ListedAction = {
    kind: 'action',
    transport: 'http',
    method: 'POST',
    path: '/pay',
    host: 'bank.test',
    version: '2',
    handler: 'Bank.pay',
    actions: ['pay', 'payMuch'],
    policy: {
      mode: 'enforce',
      requireChallenge: true,
      whenUnenrolled: 'deny',
      whenUnavailable: 'deny',
      methods: ['SMS', 'PASSKEY'],
      maxProofAgeMs: 90_000,
      returnProofOnFailure: true,
      skip: true,
      bind: 'custom',
      body: 'PaymentDto',
    },
    order: ['LoginGuard', 'ActionGuard'],
  };

  it('is a block for each route', () => {
    expect(inventoryText({ actions: [action], warnings: [] })).toBe(
      [
        '1 guarded route',
        '',
        'POST /pay on bank.test version 2  pay or payMuch',
        '  handler  Bank.pay',
        '  policy   enforce, challenge always, unenrolled deny, unavailable deny, methods SMS|PASSKEY, proofs 90 s, ' +
          'bind custom, body PaymentDto, skip, proof returned on failure',
        '  order    LoginGuard > ActionGuard',
        '',
        '',
      ].join('\n'),
    );
  });

  it('names what is no action, and other transports', () => {
    const hook = { ...action, kind: 'webhook', actions: [], policy: null, order: [] } as const;
    const message = { ...hook, kind: 'action', transport: 'ws', method: 'message' } as const;
    const text = inventoryText({ actions: [hook, message], warnings: [] });
    expect(text).toMatch(/^2 guarded routes\n\nPOST \/pay on bank\.test version 2 {2}webhook\n/);
    expect(text).toContain('ws message /pay on');
    expect(summaryText([hook, message])).toBe(
      '2 guarded routes: webhook (POST /pay), action (ws message /pay). listActions(app) lists them',
    );
    expect(summaryText([])).toBe('0 guarded routes');
  });
});

describe('a mount path of Express 4', () => {
  it.each([
    [/^\/api\/?(?=\/|$)/i, [], '/api'],
    [/^\/a\.b\/?(?=\/|$)/i, [], '/a.b'],
    [/^\/a-b\/?(?=\/|$)/i, [], '/a-b'],
    [/^\/of(?:\/([^/]+?))\/x(?:\/([^/]+?))\/?(?=\/|$)/i, ['id', 'to'], '/of/:id/x/:to'],
    [/^\/x(.*)\/?(?=\/|$)/i, [0], '/…'],
    [/^\/a\/?(?=\/|$)|^\/b\/?(?=\/|$)/i, [], '/…'],
    [/^\/v(?:((?:(?!\/|\/v).)+?))\/?(?=\/|$)/i, ['ver'], '/…'],
    [/rx/, [], '/…'],
  ])('%s is read as far as it can be', (regexp, names, path) => {
    expect(mountPath({ regexp, keys: names.map((name) => ({ name })) })).toBe(path);
  });

  it('that is everywhere is empty', () => {
    expect(mountPath({ regexp: Object.assign(/^\/?(?=\/|$)/i, { fast_slash: true }) })).toBe('');
    expect(mountPath({ slash: true, rawPath: '/' })).toBe('');
  });
});
