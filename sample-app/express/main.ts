import { run } from '../server/run.js';
import { startExpressBank } from './start-express-bank.js';

await run('Express', startExpressBank);
