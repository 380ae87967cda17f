/** The queue before the store: commits become durable one batch after the other, in the order in which the core made them. */
import type { GatewayError } from '../../domain/errors.js';
import type { StoredState } from '../../ports/updates.js';
import { Durable, type DurablePorts } from './durable.js';
import { createInsist } from './insist.js';
import type { EngineSettings } from './ports.js';
import type { Commit } from './protocol.js';

/** As many items go into one batch; a commit is never split. */
const itemsPerBatch = 200;

export interface WriterEvents {
  /** Durable, in full. */
  committed(weight: number, rows: number): void;
  /** Another process holds the session: nothing is written any more. */
  stale(error: GatewayError): void;
}

export interface Writer {
  push(commit: Commit): void;
  /** Resolves when everything pushed is durable, or the store fails once more: the next start finds it again at Telegram. */
  close(): Promise<void>;
  /** Writes nothing more. */
  stop(): void;
}

export function createWriter(
  settings: EngineSettings,
  ports: DurablePorts,
  stored: StoredState | undefined,
  events: WriterEvents,
): Writer {
  const queue: Commit[] = [];
  const insist = createInsist(ports.clock, (error) => events.stale(error));
  const durable = new Durable(settings, ports, insist, stored);
  let running: Promise<void> | undefined;

  // Asked anew each time: it changes during the awaits.
  const isStopped = () => insist.stopped;

  async function run(): Promise<void> {
    while (!isStopped() && queue.length > 0) {
      const batch = nextBatch(queue);
      const rows = await durable.add(batch);
      if (!insist.stopped)
        events.committed(
          batch.reduce((sum, { weight }) => sum + weight, 0),
          rows,
        );
    }
    running = undefined;
  }

  return {
    push(commit) {
      if (insist.stopped) return;
      queue.push(commit);
      running ??= run();
    },
    async close() {
      insist.giveUpSoon();
      await running;
      insist.stop();
    },
    stop: () => insist.stop(),
  };
}

function nextBatch(queue: Commit[]): Commit[] {
  let items = 0;
  let size = 0;
  for (const commit of queue) {
    items += commit.items.length;
    if (size > 0 && (commit.apart || items > itemsPerBatch)) break;
    size += 1;
    if (commit.apart) break;
  }
  return queue.splice(0, size);
}
