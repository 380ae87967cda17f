import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Order, Report, WorkerOptions } from './channel.js';
import { startServer, type Server } from './server.js';

/** The store's thread: scans and flushes happen here, never on the main thread's event loop. */
async function main(port: MessagePort, options: WorkerOptions): Promise<void> {
  const report = (message: Report): void => port.postMessage(message);
  const server = await startServer(options, (usage) => report({ kind: 'usage', usage }));
  port.on('message', (order: Order) => void obey(server, order, report).then((done) => done && port.close()));
  let ending: Promise<void> | undefined;
  process.on('uncaughtException', (error) => void (ending ??= endInOrder(server, error)));
  report({ kind: 'ready' });
}

const endWithinMs = 10_000;

/** LMDB writes on threads of its own: were this one to end under a write, the whole process would, by SIGSEGV and without a word. */
async function endInOrder(server: Server, error: Error): Promise<void> {
  await Promise.race([server.close(), delay(endWithinMs)]).catch(() => undefined);
  // Now nobody catches it, and the thread that started us hears of it.
  process.removeAllListeners('uncaughtException');
  setImmediate(() => {
    throw error;
  });
}

/** Returns whether the worker is done. */
async function obey(server: Server, order: Order, report: (message: Report) => void): Promise<boolean> {
  switch (order.kind) {
    case 'listen':
      try {
        report({ kind: 'listening', ...(await server.listen(order.host, order.port)) });
      } catch (error) {
        report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      }
      return false;
    case 'close':
      await server.close();
      report({ kind: 'closed' });
      return true;
  }
}

if (parentPort) await main(parentPort, workerData as WorkerOptions);
