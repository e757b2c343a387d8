import { parseArgs } from 'node:util';
import { startExpressBank } from '../express/start-express-bank.js';
import { startNestBank } from '../nest/start-nest-bank.js';
import { perform } from './perform.js';

const APPS = [
  { name: 'nest', start: startNestBank },
  { name: 'express', start: startExpressBank },
];

const FLAGS = {
  /** Only this one. Default: both, one after the other. */
  app: { type: 'string' },
  /** Allows all payments, to see that the demo notices. */
  'without-rules': { type: 'boolean', default: false },
} as const;

// A reader who has seen enough, such as `| head`, must not keep us from clearing up.
process.stdout.on('error', () => undefined);

try {
  const { app, 'without-rules': withoutRules } = parseArgs({ options: FLAGS }).values;
  const wanted = APPS.filter(({ name }) => app === undefined || name === app);
  if (wanted.length === 0) {
    throw new Error(`There is no app "${app}"; take nest or express.`);
  }
  for (const each of wanted) {
    await perform({ ...each, withoutRules });
  }
  console.log('\nEvery step ended as it must.');
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
