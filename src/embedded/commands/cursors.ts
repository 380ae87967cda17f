import { randomBytes } from 'node:crypto';
import { maxDocumentBytes } from '../bson/encode.js';
import { fields, Stored, type Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { pull } from '../query/pull.js';
import type { Paced } from '../query/scan.js';

interface Cursor {
  readonly namespace: string;
  readonly source: Paced<Buffer>;
  /** Pulled, but too large for the last batch. */
  held: Buffer | undefined;
  /** When it was last used, in monotonic milliseconds. */
  usedAt: number;
  busy: boolean;
}

/** MongoDB forgets a cursor after ten minutes without use. */
const idleMs = 10 * 60_000;
const defaultFirstBatch = 101;

/** The cursors that clients have open: each is a resting scan, nothing of LMDB is held. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>();

  /** The first batch, and a cursor if there is more. `batchSize` 0 opens a cursor without reading. */
  async first(
    namespace: string,
    source: Paced<Buffer>,
    options: { batchSize: number | undefined; single: boolean; deadline: number },
  ): Promise<Doc> {
    const cursor: Cursor = { namespace, source, held: undefined, usedAt: performance.now(), busy: false };
    const { batch, done } = await fill(cursor, options.batchSize ?? defaultFirstBatch, options.deadline);
    const id = done || options.single ? 0n : this.#keep(cursor);
    return answer('firstBatch', namespace, id, batch);
  }

  /** @throws CommandError 43 for a cursor that is not there (any more), 2 for one of another collection */
  async more(id: bigint, namespace: string, batchSize: number | undefined): Promise<Doc> {
    const cursor = this.#open.get(id);
    if (!cursor || cursor.busy) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace`,
      );
    }
    cursor.busy = true;
    try {
      const { batch, done } = await fill(
        cursor,
        batchSize === 0 || batchSize === undefined ? Infinity : batchSize,
        Infinity,
      );
      if (done) this.#open.delete(id);
      return answer('nextBatch', namespace, done ? 0n : id, batch);
    } catch (error) {
      this.#open.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.usedAt = performance.now();
    }
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  /** Forgets what nobody has used for ten minutes. */
  sweep(): void {
    const oldest = performance.now() - idleMs;
    for (const [id, cursor] of this.#open) if (!cursor.busy && cursor.usedAt < oldest) this.#open.delete(id);
  }

  #keep(cursor: Cursor): bigint {
    const id = BigInt.asIntN(63, randomBytes(8).readBigUInt64BE()) & 0x7fff_ffff_ffff_ffffn;
    if (id === 0n || this.#open.has(id)) return this.#keep(cursor);
    this.#open.set(id, cursor);
    return id;
  }
}

async function fill(
  cursor: Cursor,
  size: number,
  deadline: number,
): Promise<{ batch: Stored[]; done: boolean }> {
  const batch: Stored[] = [];
  let bytes = 0;
  const take = (document: Buffer): boolean => {
    // Room for the answer's own fields is left above this limit by the wire's 48 MB.
    if (batch.length >= size || (batch.length > 0 && bytes + document.length > maxDocumentBytes)) {
      cursor.held = document;
      return false;
    }
    batch.push(new Stored(document));
    bytes += document.length;
    return true;
  };
  if (size === 0) return { batch, done: false };
  const { held } = cursor;
  cursor.held = undefined;
  if (held && !take(held)) return { batch, done: false };
  const done = await pull(cursor.source, take, deadline);
  return { batch, done };
}

function answer(name: 'firstBatch' | 'nextBatch', namespace: string, id: bigint, batch: Stored[]): Doc {
  return fields({ cursor: fields({ [name]: batch, id, ns: namespace }) });
}

/** An answer of one batch made from documents at hand. */
export function wholeBatch(namespace: string, documents: Doc[]): Doc {
  return fields({ cursor: fields({ firstBatch: documents, id: 0n, ns: namespace }) });
}
