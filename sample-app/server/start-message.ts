import { DEMO_USERS } from '../bank/demo-users.js';
import type { RunningBank } from './running-bank.js';

const WIDTH = 18;

/** Where to click, and who to be. The demo users' passwords are no secrets. */
export function startMessage(framework: string, { url, authsignal }: RunningBank): string {
  const { emulator, apiUrl } = authsignal;
  return [
    '',
    field('The bank', `${url}  (${framework})`),
    ...(emulator === undefined
      ? [field('Authsignal', apiUrl)]
      : [
          field(
            "Emulator's window",
            `${emulator.url}  (stands in for Authsignal; codes appear here)`,
          ),
          field('Authsignal API', apiUrl),
        ]),
    '',
    ...DEMO_USERS.map(({ username, password }, index) =>
      field(index === 0 ? 'Sign in as' : '', `${username.padEnd(5)} "${password}"`),
    ),
    field('', 'or by any phone number of New Zealand or Australia'),
    '',
    emulator === undefined
      ? 'Codes go to the phones. Ctrl-C stops it.'
      : 'Codes appear in the window and here. Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function field(name: string, value: string): string {
  return `  ${name.padEnd(WIDTH)}${value}`.trimEnd();
}
