import type { JobKind } from '../domain/job.js';
import type { Job, JobAnswer, JobCounts, JobData } from '../ports/queue.js';
import type { Cancel, Clock, Log } from '../ports/runtime.js';
import { Heap } from './heap.js';
import type { JobWorker } from './worker-table.js';

interface Held {
  readonly id: string;
  readonly data: JobData;
  readonly priority: number;
  /** Unix ms. */
  dueMs: number;
  /** Order of falling due, among equals. */
  turn: number;
  failures: number;
}

export interface MemoryKindDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelayMs: (failures: number) => number;
}

/** The jobs of one kind: delayed until due, then ready by priority, then in the worker's hands. */
export class MemoryKind {
  readonly #kind: JobKind;
  readonly #deps: MemoryKindDeps;
  /** Every job that is not done yet, by id: this is what swallows a second one. */
  readonly #held = new Map<string, Held>();
  readonly #delayed = new Heap<Held>((a, b) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.turn < b.turn));
  readonly #ready = new Heap<Held>(
    (a, b) => a.priority < b.priority || (a.priority === b.priority && a.turn < b.turn),
  );
  readonly #running = new Set<Promise<void>>();
  #worker: JobWorker | undefined;
  #paused = false;
  #turns = 0;
  #alarm: { readonly dueMs: number; readonly cancel: Cancel } | undefined;

  constructor(kind: JobKind, deps: MemoryKindDeps) {
    this.#kind = kind;
    this.#deps = deps;
  }

  add({ id, data, delayMs = 0, priority = 0 }: Job): void {
    if (this.#held.has(id)) return;
    const job: Held = { id, data, priority, dueMs: 0, turn: 0, failures: 0 };
    this.#held.set(id, job);
    this.#place(job, delayMs);
    this.#pump();
  }

  start(worker: JobWorker): void {
    this.#worker = worker;
    this.#pump();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pump();
  }

  counts(): JobCounts {
    this.#promote();
    return { waiting: this.#ready.size, active: this.#running.size, delayed: this.#delayed.size };
  }

  /** Starts nothing more; resolves when the running handlers have ended. */
  async close(): Promise<void> {
    this.#worker = undefined;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    await Promise.all(this.#running);
  }

  #place(job: Held, delayMs: number): void {
    job.dueMs = this.#deps.clock.now() + Math.max(0, delayMs);
    job.turn = this.#turns++;
    if (delayMs > 0) this.#delayed.push(job);
    else this.#ready.push(job);
  }

  /** Starts what may start, then sets the alarm for what falls due next. */
  #pump(): void {
    this.#promote();
    const worker = this.#worker;
    if (worker === undefined) return;
    while (!this.#paused && this.#running.size < worker.concurrency) {
      const job = this.#ready.pop();
      if (job === undefined) break;
      const run = this.#run(job, worker).then(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
    this.#setAlarm();
  }

  #promote(): void {
    const nowMs = this.#deps.clock.now();
    for (
      let next = this.#delayed.peek();
      next !== undefined && next.dueMs <= nowMs;
      next = this.#delayed.peek()
    ) {
      this.#delayed.pop();
      next.turn = this.#turns++;
      this.#ready.push(next);
    }
  }

  #setAlarm(): void {
    const dueMs = this.#delayed.peek()?.dueMs;
    if (dueMs === this.#alarm?.dueMs) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (dueMs === undefined) return;
    const cancel = this.#deps.clock.setTimer(dueMs - this.#deps.clock.now(), () => {
      this.#alarm = undefined;
      this.#pump();
    });
    this.#alarm = { dueMs, cancel };
  }

  async #run(job: Held, worker: JobWorker): Promise<void> {
    const answer = await this.#handle(job, worker);
    if (answer === 'done') this.#held.delete(job.id);
    else this.#place(job, answer.again);
  }

  async #handle(job: Held, worker: JobWorker): Promise<JobAnswer> {
    // Whoever added the job goes on first, as with Redis: a handler never runs inside `add`.
    await Promise.resolve();
    try {
      return await worker.handler({ id: job.id, data: job.data, failures: job.failures });
    } catch (thrown) {
      job.failures++;
      this.#deps.log.warn('job-failed', { kind: this.#kind, job: job.id, failures: job.failures }, thrown);
      return { again: this.#deps.retryDelayMs(job.failures) };
    }
  }
}
