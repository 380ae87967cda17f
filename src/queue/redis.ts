import { Queue as BullQueue, type JobsOptions } from 'bullmq';
import { GatewayError } from '../domain/errors.js';
import { jobKinds, type JobKind } from '../domain/job.js';
import type { Job, JobCounts, JobHandler, Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import { checkJob } from './check-job.js';
import { openRedisLink, redisError, type RedisLink } from './redis-link.js';
import { RedisWorker } from './redis-worker.js';
import { retryDelayMs } from './retry.js';
import { WorkerTable } from './worker-table.js';

export interface RedisQueueOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Beginning of every key, another for each installation: several may share one Redis. */
  readonly prefix: string;
  /** Rest after the n-th failure, ms. */
  readonly retryDelayMs?: (failures: number) => number;
  /** A process that is silent for so long has lost its jobs to the others, ms. */
  readonly lockMs?: number;
}

/**
 * The queue of several processes: BullMQ, one of its queues per kind. Throws REDIS_UNREACHABLE when Redis does not
 * answer within seconds, CONFIG_INVALID when it refuses us, is too old or may evict keys.
 */
export async function openRedisQueue(options: RedisQueueOptions): Promise<Queue> {
  return new RedisQueue(await openRedisLink(options.url, options.log), options);
}

/** What a job keeps in Redis is its id and data; it leaves no trace when it is done, so its id may come again. */
const jobOptions = {
  // The queue never gives up: the row decides when it is over.
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'custom' },
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 0,
} satisfies JobsOptions;

/** How long closing waits for a Redis that does not answer. */
const farewellMs = 5_000;

class RedisQueue implements Queue {
  readonly #link: RedisLink;
  readonly #options: RedisQueueOptions;
  readonly #prefix: string;
  readonly #table = new WorkerTable(jobKinds);
  readonly #queues: ReadonlyMap<JobKind, BullQueue>;
  #workers: RedisWorker[] = [];
  #closed = false;

  constructor(link: RedisLink, options: RedisQueueOptions) {
    this.#link = link;
    this.#options = options;
    this.#prefix = options.prefix;
    this.#queues = new Map(jobKinds.map((kind) => [kind, this.#openKind(kind)]));
  }

  work(kind: JobKind, handler: JobHandler, { concurrency }: { readonly concurrency: number }): void {
    this.#table.add(kind, { handler, concurrency });
  }

  async start(): Promise<void> {
    const { clock, log, lockMs = 15_000 } = this.#options;
    const rest = this.#options.retryDelayMs ?? retryDelayMs;
    this.#workers = [...this.#table.seal()].map(
      ([kind, worker]) =>
        new RedisWorker(kind, worker, {
          link: this.#link,
          prefix: this.#prefix,
          clock,
          log,
          lockMs,
          retryDelayMs: rest,
        }),
    );
  }

  async add(job: Job): Promise<void> {
    await this.addMany([job]);
  }

  async addMany(jobs: readonly Job[]): Promise<void> {
    // All are looked at first: a bad one leaves nothing half added.
    jobs.forEach(checkJob);
    const bulks = jobKinds.map((kind) => ({
      kind,
      bulk: jobs.filter((job) => job.kind === kind).map(toBull),
    }));
    await Promise.all(
      bulks
        .filter(({ bulk }) => bulk.length > 0)
        .map(({ kind, bulk }) => this.#call(kind, (queue) => queue.addBulk(bulk))),
    );
  }

  async pause(kind: JobKind): Promise<void> {
    await this.#call(kind, (queue) => queue.pause());
  }

  async resume(kind: JobKind): Promise<void> {
    await this.#call(kind, (queue) => queue.resume());
  }

  async counts(kind: JobKind): Promise<JobCounts> {
    const counts = await this.#call(kind, (queue) =>
      queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed'),
    );
    const of = (state: string) => counts[state] ?? 0;
    return {
      waiting: of('waiting') + of('prioritized'),
      active: of('active'),
      delayed: of('delayed'),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closed = Promise.all(this.#workers.map((worker) => worker.close()));
    await Promise.all(this.#workers.map((worker) => worker.idle()));
    await this.#farewell(closed);
    // Commands that still wait are rejected now, and BullMQ ends with them.
    this.#link.disconnect();
    await closed;
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  /** The handlers have ended: gives BullMQ a moment to tell Redis so. */
  async #farewell(closed: Promise<unknown>): Promise<void> {
    const said = new AbortController();
    await Promise.race([closed, this.#options.clock.sleep(farewellMs, said.signal)]);
    said.abort();
  }

  #openKind(kind: JobKind): BullQueue {
    const queue = new BullQueue(kind, {
      connection: this.#link.calls,
      prefix: this.#prefix,
      // Nobody reads BullMQ's event stream.
      streams: { events: { maxLen: 100 } },
    });
    // Every failure reaches its caller; this one only keeps Node from ending the process.
    queue.on('error', () => undefined);
    return queue;
  }

  async #call<T>(kind: JobKind, run: (queue: BullQueue) => Promise<T>): Promise<T> {
    if (this.#closed) throw new GatewayError('INTERNAL', 'the queue is closed');
    const queue = this.#queues.get(kind);
    if (queue === undefined) throw new GatewayError('INTERNAL', `job kind '${kind}' is unknown`);
    try {
      return await run(queue);
    } catch (thrown) {
      throw redisError(thrown, this.#link.address);
    }
  }
}

function toBull({ kind, id, data, delayMs, priority }: Job) {
  return {
    name: kind,
    data,
    opts: {
      ...jobOptions,
      jobId: id,
      ...(delayMs === undefined ? {} : { delay: Math.ceil(delayMs) }),
      ...(priority === undefined ? {} : { priority }),
    },
  };
}
