import { createHash } from 'node:crypto';

/**
 * What a handler is about to do, as the handler itself read it from its request.
 *
 * @typedef {object} Deed
 * @property {string} action
 * @property {string} user
 * @property {string} session
 * @property {string} method
 * @property {string} path
 * @property {unknown} body
 */

/**
 * A challenge, from the moment at which Authsignal was asked for it.
 *
 * @typedef {object} Case
 * @property {string} user
 * @property {string} action
 * @property {number} askedAt
 * @property {string} [deed] the request that was refused with it
 * @property {string} [method] how it was completed
 * @property {'unused' | 'running' | 'ran' | 'returned'} use
 */

/** @typedef {import('./tally.mjs').Tally} Tally */

/** Far more than are alive at once; a case that is gone counts as one that never was. */
const MOST_CASES = 12_000;

/** For what moves the clock while a proof is on its way. */
const SLACK_MS = 120_000;

/**
 * Knows, without the guard, what may run: it hears from Authsignal's side which challenges exist and are completed, from
 * the customers which request was refused with which, and from the handlers what really runs.
 */
export class Oracle {
  #tally;
  #now;
  #maxAgeMs;
  /** @type {Map<string, Case>} */
  #cases = new Map();
  /** @type {Set<string>} */
  #allowed = new Set();

  /** @param {{ tally: Tally, now: () => number, maxAgeMs: number }} parts */
  constructor({ tally, now, maxAgeMs }) {
    this.#tally = tally;
    this.#now = now;
    this.#maxAgeMs = maxAgeMs;
  }

  /** Authsignal was asked about an action. @param {string} key @param {string} user @param {string} action */
  asked(key, user, action) {
    this.#cases.set(key, { user, action, askedAt: this.#now(), use: 'unused' });
    dropOldest(this.#cases, MOST_CASES);
  }

  /** Authsignal's rules let one request through. @param {string} request its number */
  allowed(request) {
    this.#allowed.add(request);
    dropOldest(this.#allowed, MOST_CASES);
  }

  /** A customer's request was refused with this challenge. @param {string} key @param {Deed} deed */
  refused(key, deed) {
    const found = this.#cases.get(key);
    if (found === undefined || found.deed !== undefined) {
      this.#tally.violation('a challenge was handed out that nobody asked for', { key, deed });
      return;
    }
    found.deed = fingerprint(deed);
  }

  /** @param {string} key @param {string} method */
  completed(key, method) {
    const found = this.#cases.get(key);
    if (found !== undefined) {
      found.method = method;
    }
  }

  /**
   * A handler begins.
   *
   * @param {{ by: string, proofId?: string | undefined }} approval
   * @param {Deed} deed
   * @param {{ request: string, methods: readonly string[] }} given the request's number and what counts on its route
   * @returns {Case | undefined} to end it with
   */
  begins(approval, deed, { request, methods }) {
    if (approval.by === 'rules') {
      // Once for each time that the rules said so.
      if (!this.#allowed.delete(request)) {
        this.#tally.violation('ran unproven: no rule allowed it', deed);
      }
      return undefined;
    }
    const found = this.#cases.get(approval.proofId ?? '');
    const why = this.#whyNot(approval, found, deed, methods);
    if (why !== undefined || found === undefined) {
      this.#tally.violation(`ran unproven: ${why}`, { approval, found, deed });
      return undefined;
    }
    if (found.use === 'running' || found.use === 'ran') {
      this.#tally.violation('ran twice on one proof', { approval, found, deed });
    }
    found.use = 'running';
    return found;
  }

  /** @param {Case | undefined} found @param {boolean} mayReturn whether the route gives proofs back and the handler failed */
  ends(found, mayReturn) {
    if (found !== undefined) {
      found.use = mayReturn ? 'returned' : 'ran';
    }
  }

  /**
   * @param {{ by: string }} approval
   * @param {Case | undefined} found
   * @param {Deed} deed
   * @param {readonly string[]} methods
   */
  #whyNot({ by }, found, deed, methods) {
    if (by !== 'challenge') return `approved by ${by}`;
    if (found === undefined) return 'no such challenge';
    if (found.method === undefined) return 'the challenge is not completed';
    if (!methods.includes(found.method)) return 'the method does not count';
    if (found.user !== deed.user) return 'a challenge of somebody else';
    if (found.action !== deed.action) return 'a challenge for another action';
    if (found.deed !== fingerprint(deed)) return 'the request is another one';
    if (this.#now() - found.askedAt > this.#maxAgeMs + SLACK_MS) return 'the challenge is too old';
    return undefined;
  }
}

/** @param {{ size: number, keys(): Iterator<string>, delete(key: string): boolean }} known @param {number} most */
function dropOldest(known, most) {
  if (known.size > most) {
    known.delete(String(known.keys().next().value));
  }
}

/** @param {Deed} deed */
function fingerprint({ action, user, session, method, path, body }) {
  const text = JSON.stringify([action, user, session, method, path, sorted(body)]);
  return createHash('sha256').update(text).digest('base64url');
}

/** @param {unknown} value @returns {unknown} */
function sorted(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value ?? null;
  }
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}
