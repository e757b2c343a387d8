import { performance } from 'node:perf_hooks';
import { answerTheBench, settings } from '../processes/answering.mjs';
import { startProfile, stopProfile } from '../processes/profiler.mjs';

/**
 * What an application of the bench is.
 * @typedef {object} AppSettings
 * @property {Platform} platform
 * @property {Guard} guard
 * @property {string} apiUrl of the stand-in for Authsignal
 * @property {number} [routes] how many routes are guarded, default 1
 * @property {boolean} [bindsAll] ours: binds the whole body instead of three fields
 * @property {string} [redisUrl] ours: where used proofs are remembered, default the memory
 */

/** @typedef {'express' | 'nest-express' | 'nest-fastify'} Platform */
/** @typedef {'none' | 'by-hand' | 'ours' | 'limit'} Guard */

/** @returns {Promise<import('../processes/answering.mjs').Answers>} */
async function start() {
  /** @type {AppSettings} */
  const app = settings();
  const before = performance.now();
  const { startApp } =
    app.platform === 'express' ? await import('./express.mjs') : await import('./nest.mjs');
  const imported = performance.now();
  const port = await startApp(app);
  const listening = performance.now();
  return {
    url: () => `http://127.0.0.1:${port}`,
    startProfile,
    stopProfile,
    start: () => ({ importMs: imported - before, startMs: listening - imported }),
  };
}

answerTheBench(start());
