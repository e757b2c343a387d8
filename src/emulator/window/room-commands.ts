import { CALL_NAMES } from '../call-name.js';
import { EmulatorError } from '../emulator-error.js';
import { present } from '../fields.js';
import { invalidRequest, notFound } from '../refusals.js';
import { resolveSwitches } from '../switches.js';
import { type Field, oneOf, optional, text, wholeNumber } from './command-fields.js';
import { FAULT_KINDS } from './fault-words.js';
import { type WindowCommand, windowCommand } from './window-command.js';

const HOUR = 3_600_000;
const LONGEST_MOVE = 10 * 366 * 24 * HOUR;
/** The last moment that a `Date` can name. */
const LAST_MOMENT = 8.64e15;

const anything: Field<unknown> = {
  must: 'be one of its choices',
  read: (value) => value,
};

export const ROOM_COMMANDS: Readonly<Record<string, WindowCommand>> = {
  'clear-inbox': windowCommand({}, ({ tenant }) => {
    tenant.inbox.clear();
    return undefined;
  }),
  'advance-clock': windowCommand({ ms: wholeNumber(1, LONGEST_MOVE) }, ({ clock }, { ms }) => {
    if (clock.now() + ms > LAST_MOMENT) return invalidRequest('ms leads beyond the end of time.');
    clock.advance(ms);
    return undefined;
  }),
  'reset-clock': windowCommand({}, ({ clock }) => {
    clock.reset();
    return undefined;
  }),
  'add-fault': windowCommand(
    {
      kind: oneOf(FAULT_KINDS),
      call: optional(oneOf(CALL_NAMES)),
      times: optional(wholeNumber(1, 1_000_000)),
      status: optional(wholeNumber(200, 599)),
      delayMs: optional(wholeNumber(0, HOUR)),
    },
    ({ faults }, { kind, call, ...numbers }) => {
      faults.add({
        kind,
        ...present(numbers),
        ...(call === undefined ? {} : { match: { call } }),
      });
      return undefined;
    },
  ),
  'remove-fault': windowCommand(
    { id: wholeNumber(1, Number.MAX_SAFE_INTEGER) },
    ({ faults }, { id }) =>
      faults.remove(id) ? undefined : notFound('This fault is over already.'),
  ),
  'clear-faults': windowCommand({}, ({ faults }) => {
    faults.clear();
    return undefined;
  }),
  'set-switch': windowCommand({ name: text, value: anything }, ({ tenant }, { name, value }) => {
    try {
      resolveSwitches({ [name]: value });
    } catch (error) {
      if (error instanceof EmulatorError) return invalidRequest(error.message);
      throw error;
    }
    Object.assign(tenant.switches, { [name]: value });
    return undefined;
  }),
};
