import { answerTheBench, settings } from '../processes/answering.mjs';
import { timeBodies } from './bodies.mjs';
import { timeCalls } from './calls.mjs';
import { timeGate } from './gate.mjs';
import { measureMemory } from './memory.mjs';
import { timePureSteps } from './pure.mjs';
import { timeRedis } from './redis.mjs';

/** @type {{ apiUrl: string, redisUrl: string, rounds: number, count: number, sizes: number[] }} */
const told = settings();

answerTheBench(
  Promise.resolve({
    pure: timePureSteps,
    gate: timeGate,
    calls: () => timeCalls(told),
    redis: () => timeRedis(told),
    memory: () => measureMemory(told.count * 20),
    bodies: () => timeBodies(told.sizes),
  }),
);
