import { GatewayError } from '../domain/errors.js';
import type { JobKind } from '../domain/job.js';
import type { JobHandler } from '../ports/queue.js';

export interface JobWorker {
  readonly handler: JobHandler;
  readonly concurrency: number;
}

/** Who works on what. Each kind has exactly one worker: a job that nobody takes would wait for ever, unseen. */
export class WorkerTable {
  readonly #kinds: readonly JobKind[];
  readonly #workers = new Map<JobKind, JobWorker>();
  #sealed = false;

  constructor(kinds: readonly JobKind[]) {
    this.#kinds = kinds;
  }

  /** Throws INTERNAL for an unknown kind, a second worker, no concurrency, or after `seal`. */
  add(kind: JobKind, worker: JobWorker): void {
    const fault = this.#faultOf(kind, worker);
    if (fault !== undefined) throw new GatewayError('INTERNAL', `job kind '${kind}' ${fault}`);
    this.#workers.set(kind, worker);
  }

  /** The table as it stays. Throws INTERNAL, naming each kind without a worker, or when called twice. */
  seal(): ReadonlyMap<JobKind, JobWorker> {
    const missing = this.#kinds.filter((kind) => !this.#workers.has(kind));
    if (missing.length > 0) {
      const names = missing.map((kind) => `'${kind}'`).join(', ');
      throw new GatewayError(
        'INTERNAL',
        `no worker for job kind ${names}: call queue.work(kind, handler, …) for it before queue.start()`,
      );
    }
    if (this.#sealed) throw new GatewayError('INTERNAL', 'the queue is started already: call start() once');
    this.#sealed = true;
    return this.#workers;
  }

  #faultOf(kind: JobKind, { concurrency }: JobWorker): string | undefined {
    if (!this.#kinds.includes(kind)) return 'is unknown: add it to jobKinds in src/domain/job.ts';
    if (this.#workers.has(kind)) return 'has a worker already: remove one of the two queue.work() calls';
    if (this.#sealed) return 'comes too late: call queue.work() before queue.start()';
    if (!Number.isInteger(concurrency) || concurrency < 1) return 'needs a concurrency of 1 or more';
    return undefined;
  }
}
