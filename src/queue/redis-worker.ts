import { DelayedError, Worker, type Job as BullJob } from 'bullmq';
import { asGatewayError, GatewayError } from '../domain/errors.js';
import type { JobKind } from '../domain/job.js';
import type { JobAnswer, JobData } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { RedisLink } from './redis-link.js';
import type { JobWorker } from './worker-table.js';

export interface RedisWorkerDeps {
  readonly link: RedisLink;
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly lockMs: number;
  readonly retryDelayMs: (failures: number) => number;
}

/** One kind's worker in this process: BullMQ's, with our answers instead of its errors. */
export class RedisWorker {
  readonly #kind: JobKind;
  readonly #worker: JobWorker;
  readonly #deps: RedisWorkerDeps;
  readonly #bull: Worker<JobData>;
  readonly #running = new Set<Promise<JobAnswer>>();

  constructor(kind: JobKind, worker: JobWorker, deps: RedisWorkerDeps) {
    this.#kind = kind;
    this.#worker = worker;
    this.#deps = deps;
    this.#bull = new Worker<JobData>(kind, (job, token) => this.#process(job, token), {
      connection: deps.link.work,
      prefix: deps.prefix,
      concurrency: worker.concurrency,
      lockDuration: deps.lockMs,
      // A dead process's jobs are found by looking this often, so they wait at most lockMs + stalledInterval.
      stalledInterval: deps.lockMs / 3,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      settings: { backoffStrategy: (failures) => deps.retryDelayMs(failures) },
    });
    this.#bull.on('error', (error) => {
      // During an outage every retry reports; its beginning and end are logged by the link.
      if (deps.link.isUp()) deps.log.warn('queue-trouble', { kind }, error);
    });
    this.#bull.on('stalled', (job) => deps.log.warn('job-taken-over', { kind, job }));
  }

  /** Takes no more jobs from now on; resolves when everything is told to Redis and the blocking connection is closed. */
  async close(): Promise<void> {
    await this.#bull.close();
  }

  /** Resolves when the handlers that run now have ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #process(job: BullJob<JobData>, token: string | undefined): Promise<void> {
    const answer = await this.#handle(job);
    if (answer === 'done') return;
    await job.moveToDelayed(this.#deps.clock.now() + Math.max(0, Math.ceil(answer.again)), token);
    // BullMQ's own word for "it is delayed already": neither done nor failed.
    throw new DelayedError();
  }

  async #handle(job: BullJob<JobData>): Promise<JobAnswer> {
    const run = this.#ask(job);
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  async #ask({ id: job = '', data, attemptsMade: failures }: BullJob<JobData>): Promise<JobAnswer> {
    try {
      return await this.#worker.handler({ id: job, data, failures });
    } catch (thrown) {
      this.#deps.log.warn('job-failed', { kind: this.#kind, job, failures: failures + 1 }, thrown);
      // BullMQ keeps the message in Redis: the code's sentence without detail, never the text that was thrown.
      throw new GatewayError(asGatewayError(thrown).code);
    }
  }
}
