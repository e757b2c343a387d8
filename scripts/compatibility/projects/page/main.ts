import { Authsignal } from '@authsignal/browser';
import {
  challengeInPopup,
  challengeWithWhatsApp,
  createStepUpFetch,
} from 'authsignal-guard/browser';

const settings = (await (await fetch('/settings')).json()) as { tenantId: string; baseUrl: string };
const authsignal = new Authsignal(settings);
const statuses: number[] = [];
let proof = '';

export const popupFetch = createStepUpFetch({ challenge: challengeInPopup(authsignal) });

const stepUpFetch = createStepUpFetch({
  challenge: challengeWithWhatsApp({
    authsignal,
    ask: async () => (await fetch('/code')).text(), // who reads the message in this story
  }),
  fetch: async (input, init) => {
    proof = new Headers(init?.headers).get('step-up-proof') ?? '';
    const answer = await fetch(input, init);
    statuses.push(answer.status);
    return answer;
  },
});

const payment = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ amount: 200000, payee: 'ACME' }),
};

async function pay(): Promise<string> {
  await stepUpFetch('/payments', payment);
  const again = await fetch('/payments', {
    ...payment,
    headers: { ...payment.headers, 'step-up-proof': proof },
  });
  return JSON.stringify([...statuses, again.status]);
}

const told = await pay().catch(String);
document.querySelector('[role=status]')?.append(told);
