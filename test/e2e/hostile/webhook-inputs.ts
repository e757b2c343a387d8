import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { PATH } from '../../support/sender.js';
import { type HostileBody, hostileBody, jsonText } from './bodies.js';
import { extras, type Header, type Input, platform } from './inputs.js';
import { METHODS, QUERIES } from './words.js';

/** What deliveries are signed with, and when. */
export interface Signer {
  readonly secret: string;
  readonly now: number;
}

const HEADER = 'X-Signature-V2';
const IN_TIME = [0, -200, 200];
const OUT_OF_TIME = [-400, 400, -100_000_000, 1_000_000_000];

/** By hand, as Authsignal documents it, by none of the code under test. */
const sign = (secret: string, time: number | string, body: Buffer): string =>
  createHmac('sha256', secret).update(`${time}.`).update(body).digest('base64').replace('=', '');

const ofOthers = 'A'.repeat(43);

/** All that counts as a signature, over these bytes. */
function honest({ secret, now }: Signer, body: Buffer): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...IN_TIME), fc.nat({ max: 5 })).map(([seconds, spelling]) => {
    const t = Math.floor(now / 1_000) + seconds;
    const v2 = sign(secret, t, body);
    const spellings = [
      `v2=${v2},t=${t}`,
      `t=${t},v2=${v2}=`,
      `t=${t},v1=abc,v2=${v2},v3=${'d'.repeat(800)}`,
      `t=${t}${`,v2=${ofOthers}`.repeat(7)},v2=${v2}`,
      `prototype=x,t=${t},v2=${v2},constructor=`,
    ];
    return spellings[spelling] ?? `t=${t},v2=${v2}`;
  });
}

/** With one thing wrong, which the secret of the tenant does not mend. */
function forged({ secret, now }: Signer, body: Buffer): fc.Arbitrary<string> {
  const t = Math.floor(now / 1_000);
  const v2 = sign(secret, t, body);
  const whole = `t=${t},v2=${v2}`;
  const late = fc
    .constantFrom(...OUT_OF_TIME.map((seconds) => t + seconds))
    .map((time) => `t=${time},v2=${sign(secret, time, body)}`);
  const garbled = fc
    .tuple(fc.nat(), fc.constantFrom('!', ' ', '\x01', '\xe9', '\t', '-', '_', '\x7f', ';'))
    .map(([at, instead]) => {
      const place = at % whole.length;
      return whole.slice(0, place) + instead + whole.slice(place + 1);
    });
  const cut = fc.nat({ max: whole.length - 1 }).map((length) => whole.slice(0, length));
  const long = fc
    .constantFrom(1_000, 1_024, 8_000, 14_000, 20_000)
    .map((length) => `${whole},v3=${'x'.repeat(length)}`);
  const text = fc
    .oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 80 }))
    .map((each) => each.replace(/[\r\n]/g, ''));
  return fc.oneof(late, garbled, cut, long, text, fc.constantFrom(...wrong(t, v2, secret, body)));
}

function wrong(t: number, v2: string, secret: string, body: Buffer): readonly string[] {
  const odd = ['NaN', '1e9', `+${t}`, `0${t}`, `${t}.5`, `${t}x`, '', '0', '-1', '9'.repeat(13)];
  const [head, ...tail] = v2;
  return [
    ...odd.map((time) => `t=${time},v2=${sign(secret, time, body)}`),
    ...['v1', 'v3', 'V2', 'v02', 'v2 ', '__proto__'].map((name) => `t=${t},${name}=${v2}`),
    ...['', 'null', '=', ',', 't=', 'v2=', `t=${t}`, `v2=${v2}`, v2],
    `t=${t},t=${t},v2=${v2}`,
    `__proto__=x,t=${t},v2=${v2}`,
    `t=${t + 1},v2=${v2}`,
    `t=${t}, v2=${v2}`,
    `T=${t},V2=${v2}`,
    `t=${t},v2=${v2},`,
    `t=${t},v2=abc,v2=${v2}`,
    `t=${t}${`,v2=${v2}`.repeat(9)}`,
    `t=${t}${`,v2=${v2}`.repeat(300)}`,
    `t=${t},v2=${v2}==`,
    `t=${t},v2=${tail.join('')}${head === 'A' ? 'E' : 'A'}`,
    `t=${t},v2=${sign(`${secret} `, t, body)}`,
    `t=${t},v2=${sign('', t, body)}`,
    `t=${t},v2=${sign(secret, t, Buffer.concat([body, Buffer.from(' ')]))}`,
    `t=${t},v2=${createHmac('sha256', secret).update(body).digest('base64').replace('=', '')}`,
    `t=${t},v2=${ofOthers}`,
  ];
}

const FIELDS = ['id', 'type', 'version', 'source', 'time', 'tenantId', 'data', 'records'] as const;

/** What Authsignal might send on its worst day. */
const signable: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        id: fc.oneof(fc.constantFrom('again', '__proto__', '\ud800', 'x'.repeat(200)), fc.uuid()),
        spoiled: fc.constantFrom(...FIELDS, 'data', 'data', '__proto__', 'toJSON', 'then'),
        instead: jsonText,
      })
      .map(({ id, spoiled, instead }) => {
        const event = { id, type: 'sms.created', version: 1, source: 's', time: 't' };
        const text = JSON.stringify({ ...event, tenantId: 'tenant-1', data: {} });
        // The later of two fields of one name counts.
        return Buffer.from(`${text.slice(0, -1)},"${spoiled}":${instead}}`);
      }),
  },
  { weight: 2, arbitrary: jsonText.map((text) => Buffer.from(`{"records":[${text}]}`)) },
  { weight: 2, arbitrary: jsonText.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
);

interface Delivered {
  readonly body: HostileBody;
  readonly headers: readonly Header[];
  readonly isSigned: boolean;
}

/** Deliveries to the webhook: signed ones with hostile bodies, and all that is not validly signed. */
export function webhookInputs(signer: Signer): fc.Arbitrary<Input> {
  const asJson = (bytes: Buffer, isChunked: boolean): HostileBody => ({
    bytes,
    isChunked,
    type: 'application/json',
  });
  const signed = fc.tuple(signable, fc.boolean()).chain(([bytes, isChunked]) =>
    honest(signer, bytes).map(
      (text): Delivered => ({
        body: asJson(bytes, isChunked),
        headers: [[HEADER, text]],
        isSigned: true,
      }),
    ),
  );
  const anyBody = fc.oneof(
    hostileBody,
    signable.map((bytes) => asJson(bytes, false)),
  );
  const unsigned = anyBody.chain((body) =>
    fc
      .oneof(
        { weight: 8, arbitrary: forged(signer, body.bytes).map((text) => [text]) },
        { weight: 1, arbitrary: fc.tuple(honest(signer, body.bytes), forged(signer, body.bytes)) },
        { weight: 1, arbitrary: fc.constant([]) },
      )
      .map(
        (texts): Delivered => ({
          body,
          headers: texts.map((text) => [HEADER, text] as const),
          isSigned: false,
        }),
      ),
  );
  const target = fc.oneof(
    { weight: 8, arbitrary: fc.constant(PATH) },
    { weight: 1, arbitrary: fc.constantFrom(...QUERIES).map((query) => PATH + query) },
    { weight: 1, arbitrary: fc.constantFrom(PATH.toUpperCase(), `${PATH}/`, `/${PATH}`) },
  );
  const method = fc.oneof(
    { weight: 12, arbitrary: fc.constant('POST') },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  );
  return fc
    .record({ platform, method, target, extras, delivered: fc.oneof(signed, unsigned) })
    .map(({ extras: more, delivered, ...rest }) => ({
      ...rest,
      ...delivered,
      site: 'webhook' as const,
      user: undefined,
      headers: [...delivered.headers, ...more],
    }));
}
