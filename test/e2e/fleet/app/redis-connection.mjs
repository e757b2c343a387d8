import { once } from 'node:events';

/** A client of the library that was chosen, connected, under a name that `CLIENT LIST` shows. */
export async function connectRedis({ client, redisUrl, name }) {
  return client === 'ioredis' ? connectIoRedis(redisUrl, name) : connectNodeRedis(redisUrl, name);
}

async function connectIoRedis(url, connectionName) {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { connectionName });
  redis.on('error', ignore);
  await once(redis, 'ready');
  return { redis, close: () => redis.quit() };
}

async function connectNodeRedis(url, name) {
  const { createClient } = await import('redis');
  const redis = createClient({ url, name });
  redis.on('error', ignore);
  await redis.connect();
  return { redis, close: () => redis.close() };
}

/** Without a listener either library ends the process when Redis goes away. */
function ignore() {
  return undefined;
}
