/** How many characters stand before the owner in a value. */
export const STAMP_LENGTH = 16;

/** The few commands that a replay store needs, in the words of whichever client was handed in. */
export interface RedisCommands {
  /** Whether a command would go out now. */
  isReady(): boolean;
  /** `SET key value NX PX ttlMs`: answers `OK`, or nothing if the key is there. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<unknown>;
  get(key: string): Promise<unknown>;
  /** Deletes the key if its value is this, whatever the {@link STAMP_LENGTH} characters before it. */
  deleteIfOwned(key: string, owner: string): Promise<unknown>;
}

/** The part of a client of ioredis that is used; `Redis` and `Cluster` alike. */
interface IoRedis {
  readonly status: string;
  get(key: string): Promise<unknown>;
  set(key: string, value: string, px: 'PX', ttlMs: number, nx: 'NX'): Promise<unknown>;
  eval(script: string, keys: number, key: string, value: string): Promise<unknown>;
}

/** The part of a client of node-redis (`redis`) that is used; of a single server and a cluster alike. */
interface NodeRedis {
  readonly isReady: boolean;
  get(key: string): Promise<unknown>;
  set(key: string, value: string, options: { PX: number; NX: true }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** One step on the server, so that nobody's burn comes in between. */
const DELETE_IF_OWNED =
  "local value = redis.call('get', KEYS[1]) " +
  `if value and string.sub(value, ${STAMP_LENGTH + 1}) == ARGV[1] then ` +
  "return redis.call('del', KEYS[1]) end return 0";

/** States of ioredis before its first connection: a command waits for that, within its deadline. */
const BEGINNING: ReadonlySet<string> = new Set(['wait', 'connecting', 'connect']);

/** @returns `undefined` for what is neither. */
export function redisCommands(client: object): RedisCommands | undefined {
  if (isIoRedis(client)) {
    let wasReady = false;
    return {
      isReady: () => {
        wasReady ||= client.status === 'ready';
        return client.status === 'ready' || (!wasReady && BEGINNING.has(client.status));
      },
      get: (key) => client.get(key),
      setIfAbsent: (key, value, ttlMs) => client.set(key, value, 'PX', ttlMs, 'NX'),
      deleteIfOwned: (key, owner) => client.eval(DELETE_IF_OWNED, 1, key, owner),
    };
  }
  if (isNodeRedis(client)) {
    return {
      isReady: () => client.isReady,
      get: (key) => client.get(key),
      setIfAbsent: (key, value, ttlMs) => client.set(key, value, { PX: ttlMs, NX: true }),
      deleteIfOwned: (key, owner) =>
        client.eval(DELETE_IF_OWNED, { keys: [key], arguments: [owner] }),
    };
  }
  return undefined;
}

function isIoRedis(client: object): client is IoRedis {
  return hasCommands(client) && 'status' in client && 'defineCommand' in client;
}

function isNodeRedis(client: object): client is NodeRedis {
  return hasCommands(client) && 'isReady' in client;
}

function hasCommands(client: object | null | undefined): client is object {
  return (
    typeof client === 'object' &&
    client !== null &&
    ['get', 'set', 'eval'].every((name) => typeof Reflect.get(client, name) === 'function')
  );
}
