export { RedisReplayStore, type RedisReplayStoreOptions } from '../replay/redis-replay-store.js';
