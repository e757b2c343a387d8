import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onCore } from './placement.mjs';

/** @typedef {import('./answering.mjs').Usage} Usage */

/** A process of the bench on a core of its own, which answers questions over IPC. */
export class Child {
  #process;
  #questions = 0;
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();

  /** @param {import('node:child_process').ChildProcess} process */
  constructor(process) {
    this.#process = process;
    process.on('message', (/** @type {any} */ { id, answer, error }) => {
      const asked = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) {
        asked?.resolve(answer);
      } else {
        asked?.reject(new Error(error));
      }
    });
    process.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`A process of the bench ended early (${code ?? signal}).`));
      }
      this.#waiting.clear();
    });
  }

  /**
   * @param {string} script below test/bench
   * @param {object} settings what it is told
   * @param {{ core: number, flags?: readonly string[] }} place
   * @returns {Promise<Child>} ready
   */
  static async start(script, settings, { core, flags = [] }) {
    const file = fileURLToPath(new URL(`../${script}`, import.meta.url));
    const [command, ...args] = onCore(core, [
      process.execPath,
      ...flags,
      file,
      JSON.stringify(settings),
    ]);
    const child = new Child(
      spawn(command, args, {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, NODE_ENV: 'production' },
      }),
    );
    await child.ask('ready');
    return child;
  }

  /**
   * @param {string} question
   * @param {unknown} [about]
   * @returns {Promise<any>}
   */
  ask(question, about) {
    this.#questions += 1;
    const id = this.#questions;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, question, about }, (error) => error && reject(error));
    });
  }

  /** @returns {Promise<Usage>} */
  usage() {
    return this.ask('usage');
  }

  /** @returns {Promise<void>} */
  async stop() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
  }
}
