import { Child } from '../processes/child.mjs';
import { MEASURED } from '../processes/placement.mjs';
import { PAYMENT, temporaryFile, temporaryFileWith } from './files.mjs';
import { Proofs } from './proofs.mjs';
import { shotOf } from './shot.mjs';
import { fire } from './wrk.mjs';
import { ProofsRanOut } from './wrk-output.mjs';

/** @typedef {import('./shot.mjs').Kind} Kind */

/**
 * One run of the load against one application.
 * @typedef {object} Measured
 * @property {number} requests
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
  /** A user of its own: what one application left under way must not come back as another's proof. */
  #challenged;
  /** The most guarded requests in a second that were seen so far. */
  #fastest = 0;

  /** @param {Child} app @param {string} url @param {Child} stub */
  constructor(app, url, stub) {
    this.#app = app;
    this.#url = url;
    this.#stub = stub;
    const { port } = new URL(url);
    this.#keysFile = temporaryFile(`keys-${port}`);
    this.#challenged = `challenge-${port}`;
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
      this.#proofs.add(await this.#stub.ask('takeKeys', this.#challenged));
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

  /** The same under a profiler. @param {Kind} kind @param {Effort} effort @param {string} file */
  async profile(kind, effort, file) {
    await this.#app.ask('startProfile');
    const measured = await this.measure(kind, effort);
    await this.#app.ask('stopProfile', file);
    return measured;
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
    const [url, challenged, keysFile] = [this.#url, this.#challenged, this.#keysFile];
    const shot = shotOf(kind, { url, path, bodyFile, challenged, keysFile });
    const load = await fire({ ...shot, connections, seconds });
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
      requests: load.requests,
      perSecond: load.perSecond,
      p50Ms: load.p50Ms,
      p99Ms: load.p99Ms,
      cpuUs: cpuUs / load.requests,
      busy: cpuUs / wallUs,
      rssMb: after.rssBytes / 1024 / 1024,
    };
  }
}
