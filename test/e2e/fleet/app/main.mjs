// One instance: settings as JSON in, `{ listening: port }` out.
import { Payments } from './payments.mjs';
import { connectRedis } from './redis-connection.mjs';

const settings = JSON.parse(process.argv[2]);
let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
});
// Whoever started it is gone, or wants to see that an instance that has stopped ends by itself.
process.once('disconnect', () => isStopping || process.exit(1));

const parts = { payments: new Payments(settings), connection: await connectRedis(settings) };
const start =
  settings.framework === 'nest'
    ? (await import('./nest-app.mjs')).startNest
    : (await import('./express-app.mjs')).startExpress;
process.send({ listening: await start(settings, parts) });
