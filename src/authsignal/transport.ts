import { Pool } from 'undici';
import { Attempt, type Ending } from './attempt.js';
import { isConnectionLost } from './failure.js';
import { USER_AGENT } from './user-agent.js';

export interface TransportSettings {
  readonly apiSecretKey: string;
  readonly apiUrl: string;
  /** How long a connection may take to be made, in milliseconds. */
  readonly connectTimeoutMs: number;
  readonly connections: number;
}

/** Beside how an attempt itself can end: it never began, because all connections were busy with others. */
export type SendEnding = Ending | { readonly how: 'overloaded' };

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the API's base. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** Milliseconds from now until the last byte of the answer. */
  readonly timeoutMs: number;
  /** Whether it may be sent once more if its connection died before an answer began. */
  readonly isRepeatable: boolean;
}

const LONGEST_ANSWER_BYTES = 256 * 1024;
/** Servers tell how long they keep a connection; this is for those that do not. */
const IDLE_MS = 15_000;

/** The one pool of keep-alive connections to Authsignal, and the only holder of the secret. */
export class Transport {
  readonly #pool: Pool;
  readonly #connections: number;
  readonly #prefix: string;
  readonly #secrets: readonly string[];
  readonly #headers: string[];
  readonly #headersWithBody: string[];
  #closing: Promise<void> | undefined;

  constructor(settings: TransportSettings) {
    const base = new URL(settings.apiUrl);
    this.#connections = settings.connections;
    this.#prefix = base.pathname.replace(/\/$/, '');
    const credentials = Buffer.from(`${settings.apiSecretKey}:`).toString('base64');
    this.#secrets = [settings.apiSecretKey, credentials.replace(/=+$/, '')];
    this.#headers = [
      'authorization',
      `Basic ${credentials}`,
      'accept',
      'application/json',
      'user-agent',
      USER_AGENT,
    ];
    this.#headersWithBody = [...this.#headers, 'content-type', 'application/json'];
    this.#pool = new Pool(base.origin, {
      connections: settings.connections,
      pipelining: 1,
      connect: { timeout: settings.connectTimeoutMs },
      keepAliveTimeout: IDLE_MS,
      maxResponseSize: LONGEST_ANSWER_BYTES,
      // The deadline of the call covers both; undici's own are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Never rejects. The deadline covers the wait for a connection and the repetition, too. */
  async send(outgoing: Outgoing): Promise<SendEnding> {
    let attempt = new Attempt();
    const deadline = setTimeout(() => attempt.expire(), outgoing.timeoutMs);
    try {
      const ending = await this.#start(attempt, outgoing);
      if (!mayRepeat(ending, outgoing)) {
        return this.#told(ending);
      }
      attempt = new Attempt();
      return this.#told(await this.#start(attempt, outgoing));
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Whether a text gives away the secret, plain or as the header carries it. */
  isSecretIn(text: string): boolean {
    return this.#secrets.some((secret) => text.includes(secret));
  }

  /** Resolves when the calls under way have ended. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.close().then(() => undefined);
    return this.#closing;
  }

  /** A wait for our own connections must not pass for an outage of Authsignal. */
  #told(ending: Ending): SendEnding {
    const isQueued = ending.how === 'expired' && !ending.isStarted;
    return isQueued && this.#pool.stats.running >= this.#connections
      ? { how: 'overloaded' }
      : ending;
  }

  #start(attempt: Attempt, { method, path, body }: Outgoing): Promise<Ending> {
    this.#pool.dispatch(
      {
        method,
        path: this.#prefix + path,
        headers: body === undefined ? this.#headers : this.#headersWithBody,
        body: body ?? null,
        // Whether to send again is decided here and nowhere else.
        idempotent: false,
        blocking: false,
      },
      attempt,
    );
    return attempt.ending;
  }
}

/** What was never sent may always be: undici gives up a queued request with an idle connection's reset. */
function mayRepeat(ending: Ending, outgoing: Outgoing): boolean {
  return (
    ending.how === 'broken' &&
    !ending.isAnswered &&
    (outgoing.isRepeatable || !ending.isSent) &&
    isConnectionLost(ending.error)
  );
}
