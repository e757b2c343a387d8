import type { WhatsAppOptions } from '../../../src/whatsapp/options.js';
import { type FlowRouteName, whatsAppFlows } from '../../../src/whatsapp/whatsapp-flows.js';
import { type Bench, bench, type Options, type Raw, requestOf } from '../core/gate-bench.js';

export interface FlowAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: { readonly code?: string; readonly handle?: string; readonly detail?: string };
}

/** The flows on the fake Authsignal, without a framework. */
export interface FlowBench extends Bench {
  ask(route: FlowRouteName, body: object, ip?: string): Promise<FlowAnswer>;
  /** How many messages Authsignal was asked to send. */
  sent(): number;
}

export function flowBench(
  given: Partial<WhatsAppOptions<Raw>>,
  gateOptions: Partial<Options> = {},
): FlowBench {
  const made = bench(gateOptions);
  const flows = whatsAppFlows(made.gate, {
    countries: 'any',
    signIn: {
      findOrCreateUser: ({ phoneNumber }) => `user-of-${phoneNumber}`,
      signedIn: ({ userId }) => ({ userId }),
    },
    ...given,
  });
  return {
    ...made,
    sent: () => made.authsignal.calls.filter(({ call }) => call === 'challenge').length,
    ask: async (route, body, ip = '192.0.2.1') => {
      const handler = flows.get(route);
      if (handler === undefined) {
        throw new Error(`No flow of ${route}`);
      }
      const { status, headers, text } = await handler(requestOf({ body, ip }));
      return { status, headers, body: JSON.parse(text) };
    },
  };
}
