/** A process that holds one resource until it is told to stop; started by scope.test.ts. */

import { systemClock } from '../../src/runtime/clock.js';
import { openLog } from '../../src/runtime/log.js';
import { withScope } from '../../src/runtime/scope.js';

const log = openLog({ level: 'error', clock: systemClock });
const end = await withScope({ log, clock: systemClock }, async (scope) => {
  await scope.open(
    'timer',
    () => setInterval(() => undefined, 1_000),
    (timer) => {
      clearInterval(timer);
      process.stdout.write('closed ');
    },
  );
  process.stdout.write('open\n');
  await scope.stopped();
});
process.stdout.write(`${end}\n`);
