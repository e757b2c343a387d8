import { run } from '../server/run.js';
import { startNestBank } from './start-nest-bank.js';

await run('NestJS', startNestBank);
