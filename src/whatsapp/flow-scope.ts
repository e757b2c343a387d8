import type { ActionRequest } from '../core/action-request.js';
import { withinDeadline } from '../core/deadline.js';
import type { FlowPurpose } from '../core/events.js';
import { findSession, findSubject } from '../core/identify.js';
import { RequestScope } from '../core/request-scope.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { unavailable } from '../core/unavailable.js';
import type { FlowParts } from './flow-parts.js';

/** Who uses a flow: nobody yet at sign-in. */
export interface FlowUser {
  readonly subject: string | null;
  readonly session: string | null;
}

export const NOBODY_YET: FlowUser = { subject: null, session: null };

/** One request to a WhatsApp flow. */
export class FlowScope extends RequestScope {
  constructor(
    request: ActionRequest,
    readonly parts: FlowParts,
    readonly purpose: FlowPurpose | undefined,
  ) {
    super(request, parts.options, parts.log);
  }

  /** The signed-in user; nobody found is 401. */
  async identify(): Promise<Step<{ readonly subject: string; readonly session: string | null }>> {
    const subject = await findSubject(this, this.options.defaults.subject);
    if (!subject.ok) {
      return subject;
    }
    this.subject = subject.value;
    const session = await findSession(this);
    return session.ok ? proceed({ subject: subject.value, session: session.value }) : session;
  }

  /** Asks the store of the limits; one that fails or is too slow refuses. */
  async ask<T>(question: Promise<T>): Promise<Step<T>> {
    try {
      return proceed(await withinDeadline(question, this.options.timeoutMs));
    } catch (error) {
      const description = this.describe(error);
      this.report({ type: 'limit_store_failed', error: description });
      this.warn(`the store of the limits failed: ${description}`, 'error');
      return refuse(unavailable());
    }
  }

  /** Tells the store of the limits something that no answer depends on. */
  async tell(note: Promise<unknown>): Promise<void> {
    await this.ask(note);
  }

  /** Uses a key up; `false` where it was used before. */
  async burn(key: string, ttlMs: number): Promise<Step<boolean>> {
    const { replayStore, storeHealth, timeoutMs } = this.options;
    try {
      const burned: unknown = await withinDeadline(
        replayStore.burn(key, this.id, ttlMs),
        timeoutMs,
      );
      if (typeof burned !== 'boolean') {
        throw new TypeError(`burn() answered neither true nor false but a ${typeof burned}`);
      }
      storeHealth.state = 'working';
      return proceed(burned);
    } catch (error) {
      this.#storeFailed('burn', error);
      return refuse(unavailable());
    }
  }

  async release(key: string): Promise<void> {
    const { replayStore, timeoutMs } = this.options;
    try {
      await withinDeadline(replayStore.restore(key, this.id), timeoutMs);
    } catch (error) {
      this.#storeFailed('restore', error);
    }
  }

  protected override get label(): string {
    return `WhatsApp flow "${this.purpose ?? 'any'}"`;
  }

  #storeFailed(step: 'burn' | 'restore', error: unknown): void {
    const description = this.describe(error);
    this.options.storeHealth.state = 'failing';
    this.report({ type: 'replay_store_failed', step, error: description });
    this.warn(`the replay store failed to ${step} a handle: ${description}`, 'error');
  }
}
