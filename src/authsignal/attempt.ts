import type { Dispatcher } from 'undici';

/** How one attempt at a call ended. */
export type Ending =
  | {
      readonly how: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** Missing if the body did not arrive whole, which only a 2xx depends on. */
      readonly body: string | undefined;
    }
  | {
      readonly how: 'expired';
      /** Whether a connection was ever free for it. */
      readonly isStarted: boolean;
    }
  | {
      readonly how: 'broken';
      readonly error: unknown;
      /** Whether any byte of the request may have left. */
      readonly isSent: boolean;
      /** Whether the head of an answer had arrived. */
      readonly isAnswered: boolean;
    };

/**
 * One request on the wire, from waiting for a connection to the last byte of the answer. The
 * `ending` never rejects and is there as soon as the attempt ended or was made to {@link expire}.
 *
 * It is a handler of undici's own rather than `pool.request` with an `AbortSignal`: a signal is not
 * heeded while a request waits for a connection, and costs more than the request.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly ending: Promise<Ending>;
  #settle: (ending: Ending) => void = () => undefined;
  #isOver = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #retryAfter: string | undefined;
  readonly #chunks: Buffer[] = [];

  constructor() {
    this.ending = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Ends the attempt and destroys its connection, unless it is over. */
  expire(): void {
    if (this.#isOver) {
      return;
    }
    this.#end(this.#refusal() ?? { how: 'expired', isStarted: this.#controller !== undefined });
    this.#controller?.abort(new Error('The deadline of the call passed.'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) {
      // Thrown, not aborted: the call expired while it waited, and an abort at this point would
      // destroy a sound connection that others wait for.
      throw new Error('The call was over before a connection was free.');
    }
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) {
      return;
    }
    this.#status = status;
    const retryAfter = headers['retry-after'];
    this.#retryAfter = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end({
      how: 'answered',
      status: this.#status,
      retryAfter: this.#retryAfter,
      body: this.#text(),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(
      this.#refusal() ?? {
        how: 'broken',
        error,
        isSent: this.#controller !== undefined,
        isAnswered: this.#status !== 0,
      },
    );
  }

  /** A status other than 2xx says all there is to say, even if its body never came. */
  #refusal(): Ending | undefined {
    if (this.#status === 0 || isSuccess(this.#status)) {
      return undefined;
    }
    return {
      how: 'answered',
      status: this.#status,
      retryAfter: this.#retryAfter,
      body: undefined,
    };
  }

  #text(): string {
    const [first] = this.#chunks;
    if (first === undefined) {
      return '';
    }
    return this.#chunks.length === 1 ? first.toString() : Buffer.concat(this.#chunks).toString();
  }

  #end(ending: Ending): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#settle(ending);
    }
  }
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
