import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { isLimited, nameOf, read } from './answer.mjs';
import { BrokenOff, Stuck } from './endings.mjs';
import { seen } from './seen.mjs';

/** No run needs more; a loop that went wrong ends here. */
const MOST_REQUESTS = 300;
const LONGEST_ANSWER_BYTES = 1024 * 1024;

/** @typedef {import('./answer.mjs').Answer} Answer */

/** Authsignal over bare HTTP: exact statuses and bodies, one call at a time, each with a deadline. */
export class Service {
  #keys;
  #timeoutMs;
  #agent = new Agent({ connections: 1, maxResponseSize: LONGEST_ANSWER_BYTES });
  #interruption = new AbortController();
  requests = 0;

  /**
   * @param {import('./command-line.mjs').Keys} keys
   * @param {number} timeoutMs
   */
  constructor(keys, timeoutMs) {
    this.#keys = keys;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * A call of the Server API.
   * @param {'GET' | 'POST' | 'PATCH' | 'DELETE'} method
   * @param {string} path below the version, escaped
   * @param {object} [body]
   * @param {{ secret?: string, isCleanup?: boolean, mayBeLimited?: boolean }} [how]
   * @returns {Promise<Answer>}
   * @throws {Stuck} if calls are limited, unless that is what the question is about
   */
  server(method, path, body, { secret = this.#keys.secret, ...how } = {}) {
    const credentials = Buffer.from(`${secret}:`).toString('base64');
    return this.#answer(method, path, `Basic ${credentials}`, body, how);
  }

  /**
   * A call of the Client API, as the browser SDK makes it.
   * @param {string} path below `/client`
   * @param {string} token
   * @param {object} [body]
   * @param {{ mayBeLimited?: boolean }} [how]
   */
  client(path, token, body, how = {}) {
    return this.#answer('POST', `/client${path}`, `Bearer ${token}`, body, how);
  }

  /** @param {number} ms */
  async pause(ms) {
    const { signal } = this.#interruption;
    await wait(Math.max(0, ms), undefined, { signal }).catch(() => {
      throw new BrokenOff('The run was interrupted.');
    });
  }

  /** Ends the call under way, and every later one that is no cleaning up. */
  interrupt() {
    this.#interruption.abort();
  }

  close() {
    return this.#agent.destroy();
  }

  /**
   * What a gateway or a rate limit says is no answer to a question.
   * @param {'GET' | 'POST' | 'PATCH' | 'DELETE'} method
   * @param {string} path
   * @param {string} authorization
   * @param {object | undefined} body
   * @param {{ isCleanup?: boolean, mayBeLimited?: boolean }} how
   */
  async #answer(method, path, authorization, body, { isCleanup = false, mayBeLimited = false }) {
    const answer = await this.#send(method, path, authorization, body, isCleanup);
    if (isLimited(answer) && !mayBeLimited) {
      throw new Stuck(`calls are limited (${answer.call} ${seen(answer)}); wait, and run it again`);
    }
    if (answer.status > 501) throw new Stuck(`${answer.call} failed with ${seen(answer)}`);
    return answer;
  }

  /**
   * @param {'GET' | 'POST' | 'PATCH' | 'DELETE'} method
   * @param {string} path
   * @param {string} authorization
   * @param {object | undefined} body
   * @param {boolean} isCleanup
   * @returns {Promise<Answer>}
   */
  async #send(method, path, authorization, body, isCleanup) {
    const call = `${method} ${nameOf(path)}`;
    this.requests += 1;
    if (this.requests > MOST_REQUESTS && !isCleanup) {
      throw new BrokenOff(`The run was ended after ${MOST_REQUESTS} requests.`);
    }
    const deadline = AbortSignal.timeout(this.#timeoutMs);
    const stop = this.#interruption.signal;
    try {
      const answer = await request(this.#keys.apiUrl + path, {
        method,
        dispatcher: this.#agent,
        signal: isCleanup ? deadline : AbortSignal.any([deadline, stop]),
        headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      return read(call, answer, await answer.body.text());
    } catch (error) {
      if (stop.aborted && !isCleanup) throw new BrokenOff('The run was interrupted.');
      const reason = deadline.aborted ? `no answer within ${this.#timeoutMs} ms` : reasonOf(error);
      throw new BrokenOff(`Authsignal is out of reach: ${reason} (${call}).`);
    }
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
