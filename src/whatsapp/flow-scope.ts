import type { ActionRequest } from '../core/action-request.js';
import { burnOnce, restoreBurn } from '../core/burn-once.js';
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
    const burned = await burnOnce(this, 'a handle', key, ttlMs);
    return burned === undefined ? refuse(unavailable()) : proceed(burned);
  }

  async release(key: string): Promise<void> {
    await restoreBurn(this, 'a handle', key);
  }

  protected override get label(): string {
    return `WhatsApp flow "${this.purpose ?? 'any'}"`;
  }
}
