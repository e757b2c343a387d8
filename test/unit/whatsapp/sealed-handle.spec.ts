import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64url, CompactEncrypt, CompactSign } from 'jose';
import { Keyring } from '../../../src/core/keyring.js';
import { TestClock } from '../../../src/testing/index.js';
import { type HandleContent, HandleSeal } from '../../../src/whatsapp/sealed-handle.js';

const SECRET = 'a secret of the application';
const CLOCK = new TestClock();
const UNREADABLE = { ok: false, why: 'unreadable' };

const CONTENT: HandleContent = {
  flowId: '3f1a2a6e-3a3e-4a26-8a57-3d0f8fd3b2d1',
  challengeId: 'challenge-of-authsignal',
  purpose: 'enrollment',
  subject: 'user-ann',
  session: 'session-of-ann',
  phoneNumber: '+64211234567',
  steppedUp: true,
  replaces: '+64217654321',
  expiresAt: CLOCK.now() + 600_000,
};

function sealOf(secret = SECRET, more: { audience?: string; previous?: string[] } = {}) {
  const { audience = 'bank', previous = [] } = more;
  return new HandleSeal(new Keyring({ secret, previousSecrets: previous, audience }), CLOCK);
}

/** The very key of `sealOf()`: whoever refuses what is sealed with it does so for another reason. */
const KEY = new Keyring({ secret: SECRET, previousSecrets: [], audience: 'bank' }).derive(
  'handle/v1/bank',
)[0];
const PLAIN = Buffer.from(JSON.stringify({ audience: 'bank', ...CONTENT }));

describe('a handle', () => {
  it('opens to what was sealed', async () => {
    const handle = await sealOf().seal(CONTENT);
    expect(handle).toMatch(/^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
    expect(await sealOf().open(handle)).toEqual({
      ok: true,
      content: { audience: 'bank', ...CONTENT },
    });
  });

  it('is another one each time, and says nothing', async () => {
    const seal = sealOf();
    const handles = await Promise.all(Array.from({ length: 50 }, () => seal.seal(CONTENT)));
    expect(new Set(handles).size).toBe(50);
    const [handle = ''] = handles;
    const decoded = handle.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(decoded[0]).toBe('{"alg":"dir","enc":"A256GCM"}');
    const shown = [handle, ...decoded].join('\n');
    const hidden = Object.values(CONTENT).filter((value) => typeof value === 'string');
    expect(hidden).toHaveLength(7);
    for (const word of [...hidden, '64211234567', '1234567', 'bank']) {
      expect(shown).not.toContain(word);
    }
  });

  it('opens with the same secret and audience alone', async () => {
    const handle = await sealOf().seal(CONTENT);
    for (const other of [
      sealOf('another secret of the application'),
      sealOf(SECRET, { audience: 'bank2' }),
      sealOf(SECRET, { audience: '' }),
      sealOf(`${SECRET} `),
    ]) {
      expect(await other.open(handle)).toEqual(UNREADABLE);
    }
  });

  it('opens after its secret was replaced, and is sealed with the new one', async () => {
    const old = await sealOf('the first secret').seal(CONTENT);
    const rotated = sealOf('the third secret', {
      previous: ['the second secret', 'the first secret'],
    });
    expect(await rotated.open(old)).toMatchObject({ ok: true, content: CONTENT });
    const fresh = await rotated.seal(CONTENT);
    expect(await sealOf('the third secret').open(fresh)).toMatchObject({ ok: true });
    expect(await sealOf('the first secret').open(fresh)).toEqual(UNREADABLE);
    expect(await sealOf('the third secret').open(old)).toEqual(UNREADABLE);
  });

  it('is open until the millisecond of its expiry, under an old secret too', async () => {
    const clock = new TestClock();
    const keyring = { secret: 'new secret', previousSecrets: [SECRET], audience: 'bank' };
    const seal = new HandleSeal(new Keyring(keyring), clock);
    for (const handle of [await seal.seal(CONTENT), await sealOf().seal(CONTENT)]) {
      clock.set(CONTENT.expiresAt - 1);
      expect(await seal.open(handle)).toMatchObject({ ok: true });
      clock.set(CONTENT.expiresAt);
      expect(await seal.open(handle)).toEqual({ ok: false, why: 'expired' });
      clock.set(CONTENT.expiresAt + 1);
      expect(await seal.open(handle)).toEqual({ ok: false, why: 'expired' });
    }
  });

  it('is refused with any one character changed, added or taken away', async () => {
    const seal = sealOf();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= é';
    const handle = await seal.seal(CONTENT);
    const changed: string[] = [];
    for (let at = 0; at < handle.length; at += 1) {
      const [before, here, after] = [handle.slice(0, at), handle[at], handle.slice(at + 1)];
      const others = [...alphabet].filter((character) => character !== here);
      changed.push(before + after, ...others.map((other) => before + other + after));
      changed.push(`${before}A${here}${after}`);
    }
    changed.push(`${handle}A`, `${handle}=`, `${handle}.`, `${handle}\n`, ` ${handle}`);
    const opened = await Promise.all(
      changed
        .filter((text) => text !== handle)
        .map(async (text) => ((await seal.open(text)).ok ? [text] : [])),
    );
    expect(changed.length).toBeGreaterThan(20_000);
    expect(opened.flat()).toHaveLength(0);
  }, 240_000);

  it('is no text that anybody makes up', async () => {
    const seal = sealOf();
    const part = fc.base64String().map((text) => text.replace(/=/g, ''));
    const dotted = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), dotted), async (text) => {
        expect(await seal.open(text)).toEqual(UNREADABLE);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a handle of another make is refused', () => {
  const header = { alg: 'dir', enc: 'A256GCM' };
  const encoded = (value: object): string => base64url.encode(JSON.stringify(value));

  /** A JWE under the right key with any protected header, as RFC 7516 puts it together. */
  function forge(protectedHeader: object, encryptedKey = ''): string {
    const aad = encoded(protectedHeader);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', KEY, iv).setAAD(Buffer.from(aad));
    const text = Buffer.concat([cipher.update(PLAIN), cipher.final()]);
    const tail = [iv, text, cipher.getAuthTag()].map((bytes) => base64url.encode(bytes));
    return [aad, encryptedKey, ...tail].join('.');
  }

  it('while the same key and the right header open', async () => {
    expect(await sealOf().open(forge(header))).toMatchObject({ ok: true });
  });

  it.each([
    ['no algorithm', { enc: 'A256GCM' }],
    ['alg none', { ...header, alg: 'none' }],
    ['enc none', { ...header, enc: 'none' }],
    ['another enc', { ...header, enc: 'A128GCM' }],
    ['an enc with CBC', { ...header, enc: 'A128CBC-HS256' }],
    ['compression', { ...header, zip: 'DEF' }],
    ['a critical extension', { ...header, crit: ['exp'], exp: 1 }],
    ['a password', { ...header, alg: 'PBES2-HS256+A128KW', p2c: 2_000_000_000, p2s: 'c2FsdA' }],
    ['a wrapped key', { ...header, alg: 'A256KW' }],
    ['a key of GCM', { ...header, alg: 'A256GCMKW', iv: 'AAAAAAAAAAAAAAAA', tag: 'AAAA' }],
    ['an agreed key', { ...header, alg: 'ECDH-ES', epk: { kty: 'EC', crv: 'P-256' } }],
    ['RSA', { ...header, alg: 'RSA-OAEP' }],
    ['a list as header', [header]],
  ])('%s', async (_name, protectedHeader) => {
    expect(await sealOf().open(forge(protectedHeader))).toEqual(UNREADABLE);
    expect(await sealOf().open(forge(protectedHeader, 'AAAA'))).toEqual(UNREADABLE);
  });

  it('an encrypted key beside the direct one', async () => {
    expect(await sealOf().open(forge(header, base64url.encode(KEY)))).toEqual(UNREADABLE);
  });

  it('signed instead of encrypted', async () => {
    const jws = await new CompactSign(PLAIN).setProtectedHeader({ alg: 'HS256' }).sign(KEY);
    expect(await sealOf().open(jws)).toEqual(UNREADABLE);
    const unsigned = `${encoded({ alg: 'none' })}.${base64url.encode(PLAIN)}.`;
    expect(await sealOf().open(unsigned)).toEqual(UNREADABLE);
  });

  it('nested in another, or sealed for another purpose', async () => {
    const seal = sealOf();
    const inner = await seal.seal(CONTENT);
    const nested = new CompactEncrypt(Buffer.from(inner)).setProtectedHeader(header);
    expect(await seal.open(await nested.encrypt(KEY))).toEqual(UNREADABLE);
    const keyring = new Keyring({ secret: SECRET, previousSecrets: [], audience: 'bank' });
    const [bindingKey] = keyring.derive('binding/v1');
    const foreign = new CompactEncrypt(PLAIN).setProtectedHeader(header);
    expect(await seal.open(await foreign.encrypt(bindingKey))).toEqual(UNREADABLE);
  });

  it('longer than any of ours, without a look at it', async () => {
    const handle = await sealOf().seal({ ...CONTENT, subject: 'x'.repeat(4_000) });
    expect(handle.length).toBeGreaterThan(4_096);
    expect(await sealOf().open(handle)).toEqual(UNREADABLE);
    expect(await sealOf().open('A'.repeat(10_000_000))).toEqual(UNREADABLE);
  });
});
