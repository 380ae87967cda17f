/**
 * The crossing between who decides and who works. A job only wakes a worker: the delivery row is the truth, so a queue
 * may forget everything (a cleared memory queue, a lost Redis) and nothing is lost, because open rows are queued again.
 * Not promised here: order. Jobs run in parallel; lanes keep order by their own lease (flows/deliver).
 */

import type { JobKind } from '../domain/job.js';

/** Ids only: whoever can read the queue's store must learn nothing about people. */
export type JobData = Readonly<Record<string, string | number | boolean>>;

export interface Job {
  readonly kind: JobKind;
  /** Unique within its kind: the row's id. Never empty, at most 200 characters, no `:`. */
  readonly id: string;
  readonly data: JobData;
  /** Not before so many ms from now. */
  readonly delayMs?: number;
  /** Among jobs that are due, the smaller number starts first; 0 (the default) to 2,000,000. */
  readonly priority?: number;
}

/** A job in its worker's hands. */
export interface ActiveJob {
  readonly id: string;
  readonly data: JobData;
  /** How often its handler has failed before. */
  readonly failures: number;
}

/**
 * `done`: the job disappears. `{again}`: it comes back after so many ms (its lane is taken, its row is not due yet); that
 * is no failure.
 */
export type JobAnswer = 'done' | { readonly again: number };

/**
 * Does one job. It may run twice for the same row (a process died with the job in hand), so it asks the row first.
 * Throwing brings the job back after a growing delay, for ever: only the row's own state ends it.
 */
export type JobHandler = (job: ActiveJob) => Promise<JobAnswer>;

export interface JobCounts {
  /** Due, not yet taken; also while the kind is paused. */
  readonly waiting: number;
  /** In a handler, in whatever process. */
  readonly active: number;
  /** Not due yet: added with a delay, delayed by its handler, or between two tries. */
  readonly delayed: number;
}

export interface Queue {
  /**
   * Called once per kind before `start`. At most `concurrency` handlers of the kind run at a time in this process.
   * Throws INTERNAL, with the fix in the message, for a second worker of a kind or after `start`.
   */
  work(kind: JobKind, handler: JobHandler, options: { readonly concurrency: number }): void;
  /** Called once, when the app is whole: takes jobs from now on. Throws INTERNAL, naming each kind that has no worker. */
  start(): Promise<void>;
  /**
   * Called after the row is durable. An id of this kind that is waiting, delayed or active already is left as it is
   * (also its due time); once its handler is done the same id may be added again.
   * Rejects with REDIS_UNREACHABLE within seconds when the queue cannot be reached: the caller reports it and goes on,
   * the row is found again. INTERNAL for an impossible id, or after `close`.
   */
  add(job: Job): Promise<void>;
  /** As `add` for each, in one round trip per kind. */
  addMany(jobs: readonly Job[]): Promise<void>;
  /** No handler of this kind starts any more, in any process; those running end. Repeating is harmless. */
  pause(kind: JobKind): Promise<void>;
  resume(kind: JobKind): Promise<void>;
  counts(kind: JobKind): Promise<JobCounts>;
  /**
   * Called at the end, and harmless again: takes no further job and resolves when the running handlers have ended and every socket and
   * timer is released. What was waiting stays in Redis, and is forgotten in memory.
   */
  close(): Promise<void>;
}
