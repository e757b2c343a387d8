import { expect, test } from '@jest/globals';
import { startApp } from './start-app.js';
import { tellStory } from './story.js';

test.each(['express', 'fastify'])('a payment on %s counts once', async (platform) => {
  expect(await tellStory((settings) => startApp(platform, settings))).toEqual([403, 201, 409]);
});
