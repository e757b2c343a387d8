import { withinDeadline } from '../core/deadline.js';
import { StepUpError } from '../core/errors.js';
import { randomText } from '../core/random-text.js';
import type { ReplayStore } from '../core/replay-store.js';
import { type RedisCommands, redisCommands, STAMP_LENGTH } from './redis-commands.js';

export interface RedisReplayStoreOptions {
  /** Before each key. Default `authsignal-guard:proof:`. Two applications on one Redis may share it. */
  readonly prefix?: string;
  /** The deadline of one command in milliseconds; the gate's own `timeoutMs` holds as well. Default 1,000. */
  readonly timeoutMs?: number;
}

const DEFAULT_PREFIX = 'authsignal-guard:proof:';
const DEFAULT_TIMEOUT_MS = 1_000;
/** Four characters for each three bytes. */
const STAMP_BYTES = (STAMP_LENGTH / 4) * 3;

/**
 * Remembers used proofs in a Redis that processes share. The client is yours: made, watched and closed by you. One of
 * ioredis or node-redis, of a single server, a sentinel or a cluster; each command has one key.
 *
 * `burn` is one `SET … NX PX`: of all instances exactly one gets `true`. It throws, and the gate answers 503, when Redis
 * is not connected, answers late or answers anything else. A burn that was given up and arrives late is undone as soon as
 * its answer comes; should that never come, its proof stays used up although nothing ran, never the other way round.
 *
 * It is as lasting as the Redis is: one that forgets (no append-only file, a failover that loses the last writes, an
 * eviction policy other than `noeviction`) would accept a proof again that it has forgotten. See `docs/security.md`.
 */
export class RedisReplayStore implements ReplayStore {
  readonly #redis: RedisCommands;
  readonly #prefix: string;
  readonly #timeoutMs: number;

  /** @throws StepUpError `ERR_STEP_UP_OPTION` for what is no client, an empty prefix or a time that is none. */
  constructor(client: object, options: RedisReplayStoreOptions = {}) {
    const { prefix = DEFAULT_PREFIX, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const redis = redisCommands(client);
    if (redis === undefined) {
      throw invalid('the first argument must be a client of ioredis or node-redis.');
    }
    if (typeof prefix !== 'string' || prefix === '') {
      throw invalid('`prefix` must be a text that is not empty.');
    }
    if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1) {
      throw invalid('`timeoutMs` must be a whole number above 0.');
    }
    this.#redis = redis;
    this.#prefix = prefix;
    this.#timeoutMs = timeoutMs;
  }

  async burn(key: string, owner: string, ttlMs: number): Promise<boolean> {
    const name = this.#prefix + key;
    // Of this very call, so that we know our own: a client may have sent it twice, around a lost connection.
    const value = randomText(STAMP_BYTES) + owner;
    // Rounded up: a key must not be forgotten too early.
    const burning = this.#burn(name, value, Math.max(1, Math.ceil(ttlMs)));
    try {
      return await withinDeadline(burning, this.#timeoutMs);
    } catch (error) {
      this.#undoLate(burning, name, owner);
      throw error;
    }
  }

  async restore(key: string, owner: string): Promise<void> {
    this.#mustBeConnected();
    const deleted = this.#redis.deleteIfOwned(this.#prefix + key, owner);
    await withinDeadline(deleted, this.#timeoutMs);
  }

  async #burn(name: string, value: string, ttlMs: number): Promise<boolean> {
    this.#mustBeConnected();
    const answer = await this.#redis.setIfAbsent(name, value, ttlMs);
    if (answer === null) {
      return String(await this.#redis.get(name)) === value;
    }
    if (String(answer) !== 'OK') {
      throw new TypeError('Redis answered SET with neither OK nor nothing');
    }
    return true;
  }

  /** Nothing has run on a burn that we gave up. */
  #undoLate(burning: Promise<boolean>, name: string, owner: string): void {
    burning
      .then((burned) => (burned ? this.#redis.deleteIfOwned(name, owner) : undefined))
      // It was told already, or it will be forgotten with its time.
      .catch(() => undefined);
  }

  /** A client that has lost its server would keep the command, and send it long after we gave up. */
  #mustBeConnected(): void {
    if (!this.#redis.isReady()) {
      throw new Error('Redis is not connected');
    }
  }
}

function invalid(what: string): StepUpError {
  return new StepUpError('ERR_STEP_UP_OPTION', `RedisReplayStore: ${what}`);
}
