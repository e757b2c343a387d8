import { RedisReplayStore } from 'authsignal-guard/redis';

export const ACTION = 'createPayment';

export function gateOptions(settings, redis) {
  const { apiUrl, apiSecretKey, timeoutMs, storeTimeoutMs } = settings;
  return {
    apiUrl,
    apiSecretKey,
    timeoutMs,
    subject: ({ raw }) => raw.headers['x-user'],
    replayStore: new RedisReplayStore(redis, { timeoutMs: storeTimeoutMs }),
  };
}

/** Of the limits only that of messages to one number. */
export function flowOptions({ messagesPerNumber }, redis) {
  return {
    countries: ['NZ'],
    signIn: {
      findOrCreateUser: ({ phoneNumber }) => phoneNumber,
      signedIn: ({ userId }) => ({ userId }),
    },
    limitStore: redis,
    limits: {
      number: [{ max: messagesPerNumber, windowMs: 600_000 }],
      waitsMs: false,
      user: false,
      ip: false,
      prefix: false,
      budget: false,
      conversion: false,
    },
  };
}
