import { setImmediate as immediate } from 'node:timers/promises';
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
  afterCommit: () => void;
  afterAbort: () => void;
}

type Job = { run: () => void; fail: (error: unknown) => void; settle: () => void };

/**
 * The LMDB environment: synchronous reads, and one writer that runs everything queued while the last transaction was flushed in the
 * next one. A write is settled after its transaction's flush, so what is acknowledged is on disk; others may read it a flush sooner.
 */
export class Environment {
  readonly #db: RootDatabase<Buffer, Buffer>;
  #queue: Job[] = [];
  #running: Promise<void> | undefined;
  /** Called inside a transaction before it commits, after its flush, and after one that was given up. */
  #hooks: Hooks = {
    beforeCommit: () => undefined,
    afterCommit: () => undefined,
    afterAbort: () => undefined,
  };

  constructor(path: string) {
    this.#db = open<Buffer, Buffer>({
      path,
      noSubdir: false,
      keyEncoding: 'binary',
      encoding: 'binary',
      cache: false,
      // Commits and flushes on a thread of its own; what was flushed last is named by a page that is flushed itself.
      overlappingSync: true,
      // Writes are gathered here. LMDB's own gathering makes a promise that nobody can catch when a commit fails.
      eventTurnBatching: false,
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
      this.#running ??= this.#run();
    });
  }

  /** One transaction after the other. While LMDB's own thread flushes one, reads go on here and the next gathers. */
  async #run(): Promise<void> {
    // What else arrives in this turn of the event loop shares the first.
    await immediate();
    while (this.#queue.length > 0) await this.#commit(this.#queue.splice(0));
    this.#running = undefined;
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#transact(jobs);
    } catch (error) {
      if (jobs.length === 1) jobs[0]?.fail(asCommandError(error));
      // One of them broke the transaction: each alone, so that only the guilty one fails.
      else for (const job of jobs) await this.#commit([job]);
    }
  }

  async #transact(jobs: readonly Job[]): Promise<void> {
    try {
      // Resolves when the transaction and the page that names it are flushed. Only a child can be given up.
      await this.#db.childTransaction(() => {
        for (const job of jobs) job.run();
        this.#hooks.beforeCommit();
      });
    } catch (error) {
      this.#hooks.afterAbort();
      throw await reasonOf(error);
    }
    this.#hooks.afterCommit();
    for (const job of jobs) job.settle();
  }

  /** After the last write that was asked for. */
  async close(): Promise<void> {
    await this.#running;
    // LMDB ends with the flush of its last commit, for which it waits for ever if that one failed; an empty one does not fail.
    await this.#db.childTransaction(() => undefined).catch(() => undefined);
    await this.#db.close();
  }
}

/** LMDB's thread tells why a commit failed in a second promise. */
async function reasonOf(error: unknown): Promise<unknown> {
  const told = error instanceof Error && 'commitError' in error ? error.commitError : undefined;
  if (!(told instanceof Promise)) return error;
  return told.then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** LMDB's failures: a full disk or map is the clear code 14031, everything else is internal. */
function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const text = error instanceof Error ? error.message : '';
  const full = /MDB_MAP_FULL|No space left|quota/i.test(text);
  return full
    ? new CommandError(14031, 'The disk is full')
    : new CommandError(1, 'The storage engine failed: ' + text);
}
