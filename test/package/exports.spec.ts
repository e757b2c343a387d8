import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { builtNames } from './built-names.js';
import { PUBLIC_TYPES } from './exported-types.js';

/** Every name that users may rely on at run time. A change here is a change of the public surface. */
const PUBLIC: Readonly<Record<string, { load(): Promise<object>; names: readonly string[] }>> = {
  '.': {
    load: () => import('authsignal-guard'),
    names: [
      'HttpAuthsignal',
      'MemoryReplayStore',
      'StepUpError',
      'StepUpGate',
      'createStepUpGate',
      'isStepUpError',
      'renderVerdict',
    ],
  },
  './nest': {
    load: () => import('authsignal-guard/nest'),
    names: [
      'AUTHSIGNAL_OPTIONS',
      'ActionGuard',
      'Approved',
      'AuthsignalHealthIndicator',
      'AuthsignalModule',
      'AuthsignalWebhook',
      'RequireAction',
      'StepUpException',
      'StepUpExceptionFilter',
      'WebhookEvent',
      'WebhookGuard',
      'WhatsAppModule',
      'actionRequestOf',
      'listActions',
    ],
  },
  './express': {
    load: () => import('authsignal-guard/express'),
    names: [
      'actionRequestOf',
      'approvalOf',
      'authsignalWebhook',
      'listActions',
      'requireAction',
      'stepUpErrorHandler',
      'webhookEventOf',
      'whatsAppRouter',
    ],
  },
  './redis': {
    load: () => import('authsignal-guard/redis'),
    names: ['RedisReplayStore'],
  },
  './opentelemetry': {
    load: () => import('authsignal-guard/opentelemetry'),
    names: ['openTelemetry'],
  },
  './swagger': {
    load: () => import('authsignal-guard/swagger'),
    names: ['documentActions', 'stepUpSchemas'],
  },
  './browser': {
    load: () => import('authsignal-guard/browser'),
    names: [
      'StepUpCancelledError',
      'StepUpChallengeError',
      'StepUpFetchError',
      'StepUpLoopError',
      'challengeByRedirect',
      'challengeInPopup',
      'challengeWithWhatsApp',
      'createStepUpFetch',
      'proofFromReturn',
    ],
  },
  './emulator': {
    load: () => import('authsignal-guard/emulator'),
    names: ['DEFAULT_LIMITS', 'EmulatorError', 'SWITCH_CHOICES', 'startEmulator'],
  },
  './testing': {
    load: () => import('authsignal-guard/testing'),
    names: ['FakeAuthsignal', 'TestClock', 'completeChallenge', 'replayStoreChecks', 'signWebhook'],
  },
};

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the public surface', () => {
  it('has the subpaths that are tested here', () => {
    const subpaths = Object.keys(manifest.exports).filter((name) => name !== './package.json');
    expect(subpaths.toSorted()).toEqual(Object.keys(PUBLIC).toSorted());
  });

  it.each(Object.entries(PUBLIC))(
    'of %s is these names, no more and no less',
    async (_name, { load, names }) => {
      expect(Object.keys(await load()).toSorted()).toEqual(names);
    },
  );

  it('has these types, no more and no less', () => {
    const built = builtNames(Object.keys(PUBLIC));
    for (const [name, { names }] of Object.entries(PUBLIC)) {
      const types = PUBLIC_TYPES[name]?.split(/\s+/).filter((type) => type !== '') ?? [];
      expect([name, built[name]?.toSorted()]).toEqual([name, [...names, ...types].toSorted()]);
    }
  });

  it('leads nowhere to the key material that flows share with the gate', async () => {
    for (const { load } of Object.values(PUBLIC)) {
      expect(Object.keys(await load())).not.toContain('internalsOf');
    }
  });
});

describe('the manifest', () => {
  const entries = Object.entries<Record<string, unknown>>(manifest.exports).filter(
    ([name]) => name !== './package.json',
  );

  it.each(entries)(
    'offers %s to both module systems, with one identity first',
    (name, conditions) => {
      const file = name === '.' ? 'index' : `${name.slice(2)}/index`;
      const esm = { types: `./dist/esm/${file}.d.ts`, default: `./dist/esm/${file}.js` };
      const cjs = { types: `./dist/cjs/${file}.d.ts`, default: `./dist/cjs/${file}.js` };
      expect(Object.entries(conditions)).toEqual([
        ['module-sync', esm],
        ['import', esm],
        ['require', cjs],
      ]);
      expect(Object.keys(Object(conditions['module-sync']))).toEqual(['types', 'default']);
    },
  );

  it('names the types of every subpath for compilers that read no `exports`', () => {
    const subpaths = entries.map(([name]) => name).filter((name) => name !== '.');
    expect(manifest.typesVersions['*']).toEqual(
      Object.fromEntries(
        subpaths.map((name) => [name.slice(2), [`./dist/cjs/${name.slice(2)}/index.d.ts`]]),
      ),
    );
  });

  it('makes nobody install a framework', () => {
    expect(Object.keys(manifest.peerDependencies).toSorted()).toEqual(
      Object.keys(manifest.peerDependenciesMeta).toSorted(),
    );
    for (const [name, meta] of Object.entries(manifest.peerDependenciesMeta)) {
      expect([name, meta]).toEqual([name, { optional: true }]);
      expect(manifest.dependencies).not.toHaveProperty([name]);
    }
  });
});
