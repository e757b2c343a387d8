import { Child } from '../processes/child.mjs';
import { MEASURED } from '../processes/placement.mjs';
import { PAYMENT, temporaryFile, temporaryFileWith } from './files.mjs';
import { Proofs } from './proofs.mjs';
import { fire } from './wrk.mjs';
import { ProofsRanOut } from './wrk-output.mjs';

/** @typedef {'open' | 'beside' | 'first' | 'refusal' | 'retry'} Kind */

/**
 * One run of the load against one application.
 * @typedef {object} Measured
 * @property {number} perSecond
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} cpuUs of the application's process, per request
 * @property {number} busy how much of its core the application used; near 1 it is what limits
 * @property {number} rssMb after the run
 */

/**
 * @typedef {object} Effort
 * @property {number} connections
 * @property {number} seconds
 * @property {string} [path] default `/payments`
 * @property {string} [bodyFile] default: a payment
 */

const paymentFile = temporaryFileWith('payment.json', PAYMENT);
const ATTEMPTS = 4;

/** An application under load, with the proofs that it was given. */
export class Target {
  #app;
  #url;
  #stub;
  #proofs = new Proofs();
  #keysFile;
  /** The most guarded requests in a second that were seen so far. */
  #fastest = 0;

  /** @param {Child} app @param {string} url @param {Child} stub */
  constructor(app, url, stub) {
    this.#app = app;
    this.#url = url;
    this.#stub = stub;
    this.#keysFile = temporaryFile(`keys-${new URL(url).port}`);
  }

  /**
   * @param {Child} stub
   * @param {Omit<import('../apps/main.mjs').AppSettings, 'apiUrl'>} app
   */
  static async start(stub, app) {
    const apiUrl = await stub.ask('apiUrl');
    const child = await Child.start('apps/main.mjs', { ...app, apiUrl }, { core: MEASURED });
    return new Target(child, await child.ask('url'), stub);
  }

  get url() {
    return this.#url;
  }

  /** @returns {Promise<{ importMs: number, startMs: number }>} */
  startTimes() {
    return this.#app.ask('start');
  }

  /** @param {Kind} kind @param {Effort} effort @returns {Promise<Measured>} */
  async measure(kind, effort) {
    if (kind === 'retry') {
      return this.#measureRetry(effort);
    }
    const measured = await this.#fire(kind, effort);
    if (kind === 'refusal') {
      this.#proofs.add(await this.#stub.ask('takeKeys'));
    }
    return measured;
  }

  /**
   * Has the application refuse until there are enough proofs for a run of retries.
   *
   * @param {Effort} effort
   * @param {number} [margin] over what the fastest run so far would need
   */
  async prepareRetry(effort, margin = 1.2) {
    let enough = 0;
    do {
      await this.measure('refusal', effort);
      enough = this.#fastest * effort.seconds * margin + 10 * effort.connections;
    } while (this.#proofs.count < enough);
  }

  /** @returns {Promise<void>} */
  stop() {
    return this.#app.stop();
  }

  /** @param {Effort} effort @returns {Promise<Measured>} */
  async #measureRetry(effort) {
    for (let attempt = 1; ; attempt += 1) {
      const margin = 0.9 + attempt * 0.3;
      const enough = this.#fastest * effort.seconds * margin + 10 * effort.connections;
      if (this.#proofs.count < enough) {
        await this.prepareRetry(effort, margin);
      }
      this.#proofs.writeTo(this.#keysFile);
      try {
        return await this.#fire('retry', effort);
      } catch (error) {
        if (!(error instanceof ProofsRanOut) || attempt === ATTEMPTS) {
          throw error;
        }
        this.#proofs = new Proofs();
      }
    }
  }

  /** @param {Kind} kind @param {Effort} effort @returns {Promise<Measured>} */
  async #fire(kind, { connections, seconds, path = '/payments', bodyFile = paymentFile }) {
    const before = await this.#app.usage();
    const started = performance.now();
    const load = await fire({ ...this.#shot(kind, path, bodyFile), connections, seconds });
    const wallUs = (performance.now() - started) * 1000;
    const after = await this.#app.usage();
    if (kind === 'retry') {
      this.#proofs.drop(load.proofsUsed);
    }
    if (kind !== 'open' && kind !== 'beside') {
      this.#fastest = Math.max(this.#fastest, load.perSecond);
    }
    const cpuUs = after.cpuUs - before.cpuUs;
    return {
      perSecond: load.perSecond,
      p50Ms: load.p50Ms,
      p99Ms: load.p99Ms,
      cpuUs: cpuUs / load.requests,
      busy: cpuUs / wallUs,
      rssMb: after.rssBytes / 1024 / 1024,
    };
  }

  /**
   * @param {Kind} kind
   * @param {string} path
   * @param {string} bodyFile
   * @returns {Omit<import('./wrk.mjs').Shot, 'connections' | 'seconds'>}
   */
  #shot(kind, path, bodyFile) {
    const url = this.#url;
    switch (kind) {
      case 'open':
      case 'beside':
        return { url: `${url}/${kind}`, method: 'GET', user: 'allow-1', status: 200 };
      case 'first':
        return { url: url + path, method: 'POST', user: 'allow-1', status: 201, bodyFile };
      case 'refusal':
        return { url: url + path, method: 'POST', user: 'challenge-1', status: 403, bodyFile };
      case 'retry': {
        const keysFile = this.#keysFile;
        const user = 'challenge-1';
        return { url: url + path, method: 'POST', user, status: 201, bodyFile, keysFile };
      }
    }
  }
}
