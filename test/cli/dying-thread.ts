/** Imported before a program: SIGUSR2 ends the store's thread, as a defect in there would that shows more than once. */

import type { Worker } from 'node:worker_threads';

/** The last one that was started: where nothing is compiled yet, the compiler has a thread of its own before. */
let thread: Worker | undefined;
process.on('worker', (started: Worker) => (thread = started));
process.once('SIGUSR2', () => {
  thread?.postMessage(null);
  thread?.postMessage(null);
});
