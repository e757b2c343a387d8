import { expect } from '@jest/globals';
import type { WhatsAppOptions } from 'authsignal-guard/express';
import type { Sending } from '../../../support/customer.js';
import type { NumberOwner } from '../../../support/number-owner.js';
import { Desk, UNENROLLED } from './desk.js';

const FLOWS = ['enrollment', 'phoneNumber', 'verifiedNumber', 'signIn'] as const;
type Flow = (typeof FLOWS)[number];

const ROUTES: Readonly<Record<Flow, readonly string[]>> = {
  enrollment: ['/enrollment', '/enrollment/verify'],
  phoneNumber: ['/phone-number', '/phone-number/verify'],
  verifiedNumber: ['/verified-number'],
  signIn: ['/sign-in', '/sign-in/verify'],
};

const without = (off: readonly (keyof WhatsAppOptions)[]) => new Desk({ without: off });

async function isThere(owner: NumberOwner, path: string, sending: Partial<Sending> = {}) {
  const given = { path: `/whatsapp${path}`, body: {}, ...sending };
  const { status } = await owner.customer.sendQuietly(given);
  return status !== 404;
}

/** Each flow is alone once, and missing once. */
const setups = FLOWS.flatMap((flow) => {
  const others = FLOWS.filter((other) => other !== flow);
  return [
    { name: `${flow} alone`, on: [flow], off: others },
    { name: `all but ${flow}`, on: others, off: [flow] },
  ];
});

export const switchedOff = setups.map(({ name, on, off }) =>
  without(off).story(
    `${name}: the routes of the others do not exist`,
    async (owner, app) => {
      app.records.set(owner.customer.id, owner.newPhone());
      for (const path of on.flatMap((flow) => ROUTES[flow])) {
        expect({ path, isThere: await isThere(owner, path) }).toEqual({ path, isThere: true });
        const get = await isThere(owner, path, { method: 'get' });
        expect({ path, get }).toEqual({ path, get: false });
      }
      for (const path of off.flatMap((flow) => ROUTES[flow])) {
        expect({ path, isThere: await isThere(owner, path) }).toEqual({ path, isThere: false });
      }
      const sendsCodes = on.some((flow) => flow !== 'verifiedNumber');
      expect(await isThere(owner, '/resend')).toBe(sendsCodes);
      expect((await owner.status()).status).toBe(200);
    },
    UNENROLLED,
  ),
);
