import { restoreBurn } from '../core/burn-once.js';
import type { AuthsignalEvent } from './authsignal-event.js';
import type { WebhookScope } from './webhook-scope.js';

/** An event that no delivery before has brought, and what becomes of it. */
export class WebhookDelivery {
  readonly #scope: WebhookScope;
  readonly #key: string;
  #state: 'waiting' | 'begun' | 'returned' = 'waiting';

  constructor(
    readonly event: AuthsignalEvent,
    scope: WebhookScope,
    key: string,
  ) {
    this.#scope = scope;
    this.#key = key;
  }

  /** @returns whether the handler may run: not when the event was returned before it came to that. */
  begin(): boolean {
    if (this.#state === 'returned') {
      return false;
    }
    this.#state = 'begun';
    return true;
  }

  /** The handler failed: the next delivery of the event is the first again. Nothing happens the second time. */
  async giveBack(): Promise<void> {
    if (this.#state === 'returned') {
      return;
    }
    this.#state = 'returned';
    if (await restoreBurn(this.#scope, 'an event', this.#key)) {
      const { id: eventId, type: eventType } = this.event;
      this.#scope.report({ type: 'webhook_returned', eventId, eventType });
    }
  }

  /** The request ended: gives the event back if the handler has never begun. */
  async end(): Promise<void> {
    if (this.#state === 'waiting') {
      await this.giveBack();
    }
  }
}
