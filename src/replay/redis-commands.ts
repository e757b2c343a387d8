/** The two commands that a replay store needs, in the words of whichever client was handed in. */
export interface RedisCommands {
  /** Whether a command would go out now. */
  isReady(): boolean;
  /** `SET key value NX PX ttlMs`: answers `OK`, or nothing if the key is there. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<unknown>;
  deleteIfEqual(key: string, value: string): Promise<unknown>;
}

/** The part of a client of ioredis that is used; `Redis` and `Cluster` alike. */
interface IoRedis {
  readonly status: string;
  set(key: string, value: string, px: 'PX', ttlMs: number, nx: 'NX'): Promise<unknown>;
  eval(script: string, keys: number, key: string, value: string): Promise<unknown>;
}

/** The part of a client of node-redis (`redis`) that is used; of a single server and a cluster alike. */
interface NodeRedis {
  readonly isReady: boolean;
  set(key: string, value: string, options: { PX: number; NX: true }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** One step on the server, so that nobody's burn comes in between. */
const DELETE_IF_EQUAL =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/** States of ioredis in which a command goes out, or will as soon as the first connection is there. */
const GOING_OUT: ReadonlySet<string> = new Set(['wait', 'connecting', 'connect', 'ready']);

/** @returns `undefined` for what is neither. */
export function redisCommands(client: object): RedisCommands | undefined {
  if (isIoRedis(client)) {
    return {
      isReady: () => GOING_OUT.has(client.status),
      setIfAbsent: (key, value, ttlMs) => client.set(key, value, 'PX', ttlMs, 'NX'),
      deleteIfEqual: (key, value) => client.eval(DELETE_IF_EQUAL, 1, key, value),
    };
  }
  if (isNodeRedis(client)) {
    return {
      isReady: () => client.isReady,
      setIfAbsent: (key, value, ttlMs) => client.set(key, value, { PX: ttlMs, NX: true }),
      deleteIfEqual: (key, value) =>
        client.eval(DELETE_IF_EQUAL, { keys: [key], arguments: [value] }),
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
    ['set', 'eval'].every((name) => typeof Reflect.get(client, name) === 'function')
  );
}
