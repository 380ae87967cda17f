import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Order, Report, WorkerOptions } from './channel.js';
import { startServer, type Server } from './server.js';

/** The store's thread: scans and flushes happen here, never on the main thread's event loop. */
async function main(port: MessagePort, options: WorkerOptions): Promise<void> {
  const report = (message: Report): void => port.postMessage(message);
  const server = await startServer(options, (usage) => report({ kind: 'usage', usage }));
  port.on('message', (order: Order) => void obey(server, order, report).then((done) => done && port.close()));
  report({ kind: 'ready' });
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
