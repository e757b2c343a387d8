import { type ChildProcess, spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

export type Message = Readonly<Record<string, unknown>>;

const started = new Set<ServiceProcess>();

/** A Node process that talks to its test in messages. It ends with the test's process at the latest. */
export class ServiceProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #messages: Message[] = [];
  #output = '';
  #end: Ended | undefined;

  /** @param settings handed over as JSON. */
  constructor(
    readonly name: string,
    file: string,
    settings: object,
  ) {
    this.#child = spawn(process.execPath, [file, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH },
    });
    const printed = [this.#child.stdout, this.#child.stderr].map(async (stream) => {
      for await (const chunk of stream ?? []) {
        this.#output += String(chunk);
      }
    });
    this.#child.on('message', (message) => this.#messages.push(Object(message)));
    this.ended = new Promise((resolve) => {
      // Not `close`: it is never told of a child that was disconnected.
      this.#child.once('exit', async (code, signal) => {
        await Promise.all(printed);
        this.#end = { code, signal };
        started.delete(this);
        resolve(this.#end);
      });
    });
    started.add(this);
  }

  get isRunning(): boolean {
    return this.#end === undefined;
  }

  /** All it has printed. */
  get output(): string {
    return this.#output;
  }

  /** What it says under `key`, now or later; of several, what `isMeant`. @throws if it ends before. */
  async said(key: string, isMeant: (value: unknown) => boolean = () => true): Promise<unknown> {
    const find = (): Message | undefined =>
      this.#messages.find((message) => key in message && isMeant(message[key]));
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found !== undefined) {
          this.#child.off('message', look);
          resolve(found[key]);
        }
      };
      this.#child.on('message', look);
      look();
      void this.ended.then(() =>
        reject(new Error(`${this.name} ended without saying "${key}": ${this.#output}`)),
      );
    });
  }

  tell(message: Message): void {
    this.#child.send(message);
  }

  /** Asks it to stop, as a container's runtime would. */
  stop(): void {
    this.#child.kill('SIGTERM');
  }

  /** Hangs up: from now on nothing of the test keeps it running. */
  letGo(): void {
    this.#child.disconnect();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

/** For `afterAll`: whatever a failed test has left running. */
export async function killProcesses(): Promise<void> {
  await Promise.all([...started].map((each) => each.kill()));
}
