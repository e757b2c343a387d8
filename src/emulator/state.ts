import type { ActionRecord } from './action-record.js';
import type { AuthenticatorRecord } from './authenticator-record.js';
import type { ChallengeRecord } from './challenge-record.js';
import type { Message } from './message.js';
import type { StoredState } from './stored-state.js';
import type { UserRecord } from './user-record.js';
import type { CodeMethod } from './verification-method.js';

/** The newest messages that are kept. */
const MESSAGES_KEPT = 1_000;
/** Challenges are forgotten an hour after they expired. */
const CHALLENGE_KEPT_MS = 3_600_000;

export interface ActionReference {
  readonly userId: string;
  readonly action: string;
  readonly idempotencyKey: string;
}

const keyOf = (reference: ActionReference): string =>
  JSON.stringify([reference.userId, reference.action, reference.idempotencyKey]);

/** Everything that the stand-in remembers. Whoever changes it calls `changed`. */
export class EmulatorState {
  readonly users = new Map<string, UserRecord>();
  readonly #authenticators = new Map<string, AuthenticatorRecord[]>();
  readonly #actions = new Map<string, ActionRecord>();
  readonly #challenges = new Map<string, ChallengeRecord>();
  /** The newest client challenge of each action record and method. */
  readonly #clientChallenges = new Map<string, string>();
  readonly hits = new Map<string, number[]>();
  readonly usedTokens = new Set<string>();
  messages: Message[] = [];
  readonly #listeners: (() => void)[] = [];

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The user with this id, made if there is none. */
  ensureUser(userId: string): UserRecord {
    const known = this.users.get(userId);
    if (known !== undefined) return known;
    const user = { userId, emailVerified: false, phoneNumberVerified: false, devices: [] };
    this.users.set(userId, user);
    this.changed();
    return user;
  }

  deleteUser(userId: string, withActions: boolean): void {
    this.users.delete(userId);
    this.#authenticators.delete(userId);
    if (withActions) {
      for (const [key, record] of this.#actions) {
        if (record.userId === userId) this.#actions.delete(key);
      }
    }
    this.changed();
  }

  authenticators(userId: string): readonly AuthenticatorRecord[] {
    return this.#authenticators.get(userId) ?? [];
  }

  addAuthenticator(authenticator: AuthenticatorRecord): void {
    const { userId } = authenticator;
    this.#authenticators.set(userId, [...this.authenticators(userId), authenticator]);
    this.changed();
  }

  /** False if the user has no such authenticator. */
  removeAuthenticator(userId: string, userAuthenticatorId: string): boolean {
    const kept = this.authenticators(userId).filter(
      (authenticator) => authenticator.userAuthenticatorId !== userAuthenticatorId,
    );
    if (kept.length === this.authenticators(userId).length) return false;
    this.#authenticators.set(userId, kept);
    this.changed();
    return true;
  }

  action(reference: ActionReference): ActionRecord | undefined {
    return this.#actions.get(keyOf(reference));
  }

  putAction(record: ActionRecord): void {
    this.#actions.set(keyOf(record), record);
    this.changed();
  }

  /** Every recorded action, oldest first. */
  actions(): IterableIterator<ActionRecord> {
    return this.#actions.values();
  }

  challenge(challengeId: string): ChallengeRecord | undefined {
    return this.#challenges.get(challengeId);
  }

  clientChallenge(reference: ActionReference, method: CodeMethod): ChallengeRecord | undefined {
    const challengeId = this.#clientChallenges.get(`${method} ${keyOf(reference)}`);
    return challengeId === undefined ? undefined : this.#challenges.get(challengeId);
  }

  putChallenge(challenge: ChallengeRecord, now: number): void {
    this.#forgetChallenges(now);
    this.#challenges.set(challenge.challengeId, challenge);
    const { origin, userId, method } = challenge;
    if (origin === 'client' && userId !== undefined) {
      const key = `${method} ${keyOf({ ...challenge, userId })}`;
      this.#clientChallenges.set(key, challenge.challengeId);
    }
    this.changed();
  }

  /** Every challenge that is kept, oldest first. */
  challenges(): readonly ChallengeRecord[] {
    return [...this.#challenges.values()];
  }

  putMessage(message: Message): void {
    this.messages = [...this.messages.slice(1 - MESSAGES_KEPT), message];
    this.changed();
  }

  stored(): StoredState {
    return {
      users: [...this.users.values()],
      authenticators: [...this.#authenticators.values()].flat(),
      actions: [...this.#actions.values()],
      challenges: [...this.#challenges.values()],
      messages: this.messages,
      hits: [...this.hits].map(([key, times]) => ({ key, times })),
      usedTokens: [...this.usedTokens],
    };
  }

  restore(stored: StoredState): void {
    for (const user of stored.users) this.users.set(user.userId, user);
    for (const authenticator of stored.authenticators) this.addAuthenticator(authenticator);
    for (const record of stored.actions) this.putAction(record);
    for (const challenge of stored.challenges) this.putChallenge(challenge, 0);
    for (const { key, times } of stored.hits) this.hits.set(key, [...times]);
    for (const tokenId of stored.usedTokens) this.usedTokens.add(tokenId);
    this.messages = [...stored.messages];
  }

  #forgetChallenges(now: number): void {
    for (const [challengeId, challenge] of this.#challenges) {
      if (challenge.expiresAt + CHALLENGE_KEPT_MS > now) return;
      this.#challenges.delete(challengeId);
    }
  }
}
