/** Imported before a program: SIGUSR2 ends the first thread that it starts, as a defect in there would that shows more than once. */

import type { Worker } from 'node:worker_threads';

process.once('worker', (thread: Worker) => {
  process.once('SIGUSR2', () => {
    thread.postMessage(null);
    thread.postMessage(null);
  });
});
