import { GatewayError } from '../domain/errors.js';
import { jobKinds, type JobKind } from '../domain/job.js';
import type { Job, JobCounts, JobHandler, Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import { checkJob } from './check-job.js';
import { MemoryKind } from './memory-kind.js';
import { retryDelayMs } from './retry.js';
import { WorkerTable } from './worker-table.js';

export interface MemoryQueueOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Rest after the n-th failure, ms. */
  readonly retryDelayMs?: (failures: number) => number;
}

/** The queue of one process without Redis. It keeps nothing: open rows are queued again at the next start. */
export function openMemoryQueue(options: MemoryQueueOptions): Queue {
  return new MemoryQueue(options);
}

class MemoryQueue implements Queue {
  readonly #table = new WorkerTable(jobKinds);
  readonly #kinds: ReadonlyMap<JobKind, MemoryKind>;
  #closed = false;

  constructor({ clock, log, retryDelayMs: rest = retryDelayMs }: MemoryQueueOptions) {
    this.#kinds = new Map(
      jobKinds.map((kind) => [kind, new MemoryKind(kind, { clock, log, retryDelayMs: rest })]),
    );
  }

  work(kind: JobKind, handler: JobHandler, { concurrency }: { readonly concurrency: number }): void {
    this.#table.add(kind, { handler, concurrency });
  }

  async start(): Promise<void> {
    for (const [kind, worker] of this.#table.seal()) this.#of(kind).start(worker);
  }

  async add(job: Job): Promise<void> {
    await this.addMany([job]);
  }

  async addMany(jobs: readonly Job[]): Promise<void> {
    // All are looked at first: a bad one leaves nothing half added.
    jobs.forEach(checkJob);
    for (const job of jobs) this.#of(job.kind).add(job);
  }

  async pause(kind: JobKind): Promise<void> {
    this.#of(kind).pause();
  }

  async resume(kind: JobKind): Promise<void> {
    this.#of(kind).resume();
  }

  async counts(kind: JobKind): Promise<JobCounts> {
    return this.#of(kind).counts();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#kinds.values()].map((kind) => kind.close()));
  }

  #of(kind: JobKind): MemoryKind {
    if (this.#closed) throw new GatewayError('INTERNAL', 'the queue is closed');
    const found = this.#kinds.get(kind);
    if (found === undefined) throw new GatewayError('INTERNAL', `job kind '${kind}' is unknown`);
    return found;
  }
}
