import { open, type RootDatabase } from 'lmdb';
import { CommandError } from '../errors.js';

export type Row = { key: Buffer; value: Buffer };

/** A half-open range of keys, read upwards or downwards. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

interface Hooks {
  beforeCommit: () => void;
  afterAbort: () => void;
}

type Job = { run: () => void; fail: (error: unknown) => void; settle: () => void };

/**
 * The LMDB environment: synchronous reads, and one writer that runs everything queued in a turn of the event loop
 * in one transaction. A write is settled after its transaction's flush, so what is acknowledged is on disk.
 */
export class Environment {
  readonly #db: RootDatabase<Buffer, Buffer>;
  #queue: Job[] = [];
  #scheduled = false;
  /** Called inside a transaction before it commits, and after one that was given up. */
  #hooks: Hooks = { beforeCommit: () => undefined, afterAbort: () => undefined };

  constructor(path: string) {
    this.#db = open<Buffer, Buffer>({
      path,
      noSubdir: false,
      keyEncoding: 'binary',
      encoding: 'binary',
      cache: false,
      // Off, so that a synchronous commit returns only when the data is flushed.
      overlappingSync: false,
      remapChunks: false,
    });
  }

  onTransaction(hooks: Hooks): void {
    this.#hooks = hooks;
  }

  get(key: Buffer): Buffer | undefined {
    return this.#db.getBinary(key);
  }

  put(key: Buffer, value: Buffer): void {
    this.#db.putSync(key, value);
  }

  remove(key: Buffer): void {
    this.#db.removeSync(key);
  }

  /** Up to `limit` rows of the range as they are now; the caller goes on behind the last one. */
  rows(range: KeyRange, limit: number, reverse = false): Row[] {
    const options = reverse
      ? { start: range.end, end: range.start, reverse: true, exclusiveStart: true, inclusiveEnd: true }
      : { start: range.start, end: range.end };
    return this.#db.getRange({ ...options, limit }).asArray as unknown as Row[];
  }

  /** Up to `limit` keys of the range, upwards. */
  keys(range: KeyRange, limit: number): Buffer[] {
    return this.#db.getKeys({ ...range, limit }).asArray as unknown as Buffer[];
  }

  count(range: KeyRange): number {
    return this.#db.getKeysCount({ ...range });
  }

  /**
   * Runs `work` in the next transaction and settles when that is flushed. `work` may run twice, if the transaction
   * it shared with others had to be given up: it must depend on the stored data only. A CommandError it throws
   * rejects this promise alone; it must be thrown before anything was written.
   */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let outcome: () => void = () => undefined;
      const run = (): void => {
        try {
          const result = work();
          outcome = () => resolve(result);
        } catch (error) {
          if (!(error instanceof CommandError)) throw error;
          outcome = () => reject(error);
        }
      };
      this.#queue.push({ run, fail: reject, settle: () => outcome() });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    this.#scheduled = false;
    const jobs = this.#queue;
    this.#queue = [];
    try {
      this.#transact(jobs);
    } catch (error) {
      if (jobs.length === 1) jobs[0]?.fail(asCommandError(error));
      // One of them broke the transaction: each alone, so that only the guilty one fails.
      else for (const job of jobs) this.#alone(job);
    }
  }

  #alone(job: Job): void {
    try {
      this.#transact([job]);
    } catch (error) {
      job.fail(asCommandError(error));
    }
  }

  #transact(jobs: readonly Job[]): void {
    try {
      this.#db.transactionSync(() => {
        for (const job of jobs) job.run();
        this.#hooks.beforeCommit();
      });
    } catch (error) {
      this.#hooks.afterAbort();
      throw error;
    }
    for (const job of jobs) job.settle();
  }

  async close(): Promise<void> {
    if (this.#scheduled) this.#commit();
    await this.#db.close();
  }
}

/** LMDB's failures: a full disk or map is the clear code 14031, everything else is internal. */
function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const text = error instanceof Error ? error.message : '';
  const full = /MDB_MAP_FULL|No space left|ENOSPC|quota/i.test(text);
  return full
    ? new CommandError(14031, 'The disk is full')
    : new CommandError(1, 'The storage engine failed: ' + text);
}
