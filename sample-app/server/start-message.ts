import { DEMO_USERS } from '../bank/demo-users.js';
import type { RunningBank } from './running-bank.js';

const WIDTH = 12;

/** Where to go, who to be, and what to type. The demo users' passwords are no secrets. */
export function startMessage(framework: string, { url, authsignal }: RunningBank): string {
  const standIn = authsignal.emulator === undefined ? '' : ' (a stand-in on this machine)';
  return [
    '',
    field('Bank', `${url} (${framework})`),
    field('Authsignal', `${authsignal.apiUrl}${standIn}`),
    ...DEMO_USERS.map(({ username, password }, index) =>
      field(index === 0 ? 'Users' : '', `${username.padEnd(5)} "${password}"`),
    ),
    '',
    'In another terminal:',
    '',
    ...walk(url, authsignal.apiUrl).map((line) => `  ${line}`),
    '',
    standIn === '' ? 'Codes go to the phones.' : 'Codes appear here. Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function field(name: string, value: string): string {
  return `  ${name.padEnd(WIDTH)}${value}`;
}

/** Signs in, pays and changes the number, with nothing but curl and node. */
function walk(url: string, apiUrl: string): readonly string[] {
  const [user] = DEMO_USERS;
  const login = JSON.stringify({ username: user?.username, password: user?.password });
  const number = JSON.stringify({ phoneNumber: '+61 491 570 159' });
  const payment = JSON.stringify({ amount: 250_000, currency: 'NZD', payee: 'Power Company' });
  return [
    "json='content-type: application/json'",
    `post() { curl -sS -b jar -c jar -H "$json" -d "$2" "${url}$1" "\${@:3}"; echo; }`,
    `whatsapp() { curl -sS -H "$json" -H "authorization: Bearer $TOKEN" -d "$2" "${apiUrl}/client/$1/whatsapp"; echo; }`,
    'pick() { node -pe "JSON.parse(fs.readFileSync(0)).$1"; }',
    'challenge() { TOKEN=$(post "$@" | pick challenge.token); whatsapp challenge {}; }',
    'prove() { PROOF=$(whatsapp verify "{\\"verificationCode\\":\\"$1\\"}" | pick accessToken); }',
    '',
    `LOGIN='${login}'`,
    'post /login "$LOGIN"          # 403 step_up_required: a new device',
    'challenge /login "$LOGIN"     # sends the code',
    '',
    'prove 123456                  # your code instead',
    'post /login "$LOGIN" -H "Step-Up-Proof: $PROOF"',
    '',
    `PAYMENT='${payment}'`,
    'challenge /payments "$PAYMENT"',
    '',
    'prove 123456',
    'post /payments "$PAYMENT" -H "Step-Up-Proof: $PROOF"',
    'post /payments "$PAYMENT" -H "Step-Up-Proof: $PROOF"    # 409 step_up_consumed',
    `curl -sS -b jar ${url}/payments`,
    '',
    `NUMBER='${number}'`,
    'challenge /whatsapp/phone-number "$NUMBER"              # the old number confirms',
    '',
    'prove 123456',
    'HANDLE=$(post /whatsapp/phone-number "$NUMBER" -H "Step-Up-Proof: $PROOF" | pick handle)',
    '',
    'post /whatsapp/phone-number/verify "{\\"handle\\":\\"$HANDLE\\",\\"code\\":\\"123456\\"}"',
    `curl -sS -b jar ${url}/me`,
  ];
}
