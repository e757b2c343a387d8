import { expect } from '@jest/globals';
import { expectRefusal } from '../../../support/customer.js';
import { CODE_FLOWS, type CodeFlowCase, Desk, story, UNENROLLED } from './desk.js';

const refused = [
  ['of a country that is not listed', '+447400123456', 422, 'phone_not_allowed'],
  ['of the United States', '+14155552671', 422, 'phone_not_allowed'],
  ['of a fixed line', '+6444994000', 422, 'phone_not_allowed'],
  ['at a premium rate', '+64900123456', 422, 'phone_not_allowed'],
  ['that is free of charge', '0800 12345', 422, 'phone_not_allowed'],
  ['that is no number', 'hello', 400, 'phone_invalid'],
  ['with letters', '021 CALL NOW', 400, 'phone_invalid'],
  ['with a word behind it', '+64217000001 home', 400, 'phone_invalid'],
  ['with an extension', '+64217000001;ext=5', 400, 'phone_invalid'],
  ['with an address', 'tel:+64217000001', 400, 'phone_invalid'],
  ['that is too short', '021', 400, 'phone_invalid'],
  ['that is too long', '+6421700000100000', 400, 'phone_invalid'],
  ['of an emergency', '111', 400, 'phone_invalid'],
  ['of zeros', '0000000000', 400, 'phone_invalid'],
  ['that is two', '+64217000001,+64217000002', 400, 'phone_invalid'],
  ['of blanks', '   ', 400, 'phone_invalid'],
] as const;

const spellings: readonly (readonly [string, (phone: string) => string])[] = [
  ['in E.164', (phone) => phone],
  [
    'with separators',
    (phone) => `${phone.slice(0, 3)} (${phone.slice(3, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`,
  ],
  ['with dots', (phone) => `${phone.slice(0, 3)}.${phone.slice(3, 5)}.${phone.slice(5)}`],
  ['as at home', (phone) => `0${phone.slice(3)}`],
  ['as at home, with spaces around it', (phone) => `  0${phone.slice(3, 5)} ${phone.slice(5)} `],
  ['with the prefix for calls abroad', (phone) => `00${phone.slice(1)}`],
];

const ofEachFlow = ({ flow, customer }: CodeFlowCase) => [
  ...refused.map(([name, phoneNumber, status, code]) =>
    story(
      `${flow}: a number ${name}`,
      async (owner) => {
        const sends = owner.customer.calls('challenge');
        expectRefusal(await owner.start(flow, phoneNumber), status, code);
        expect(owner.customer.event('phone_refused')).toBeDefined();
        expect(owner.customer.calls('challenge')).toBe(sends);
      },
      customer,
    ),
  ),
  ...spellings.map(([name, spell]) =>
    story(
      `${flow}: a number ${name}`,
      async (owner) => {
        const phone = owner.newPhone();
        const begun = await owner.begin(flow, spell(phone));
        expect(owner.messages(phone)).toBe(1);
        expect((await owner.finish({ ...begun, phone })).status).toBe(200);
      },
      customer,
    ),
  ),
];

const abroad = new Desk({ flows: { countries: 'any' } });
const exacting = new Desk({ flows: { countries: ['NZ'] }, without: ['defaultCountry'] });

const countries = [
  abroad.story(
    "'any' country in so many words",
    async (owner) => {
      const phone = '+447400123456';
      const answer = await owner.start('sign-in', phone);
      expect(answer.json).toMatchObject({ phoneNumber: '+44••••3456' });
      expectRefusal(await owner.start('sign-in', '+442079460958'), 422, 'phone_not_allowed');
    },
    UNENROLLED,
  ),
  exacting.story(
    'without a default country a number as at home is none',
    async (owner) => {
      const phone = owner.newPhone();
      expectRefusal(await owner.start('sign-in', `0${phone.slice(3)}`), 400, 'phone_invalid');
      expect((await owner.start('sign-in', phone)).status).toBe(200);
      expectRefusal(await owner.start('sign-in', '+61412345678'), 422, 'phone_not_allowed');
    },
    UNENROLLED,
  ),
];

export const numberScenarios = [...CODE_FLOWS.flatMap(ofEachFlow), ...countries];
