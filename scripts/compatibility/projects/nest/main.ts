import { startApp } from './start-app.js';
import { tellStory } from './story.js';

const [platform = 'express'] = process.argv.slice(2);

tellStory((settings) => startApp(platform, settings)).then((statuses) =>
  console.log(JSON.stringify(statuses)),
);
