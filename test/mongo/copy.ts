/** A dump carried over in memory, for tests of what a restored database holds. */

import { randomUUID } from 'node:crypto';
import { connectDatabase, type Connected } from '../../src/mongo/connect.js';
import { dumpDatabase, type DumpOptions } from '../../src/mongo/dump.js';
import { decodeRecords } from '../../src/mongo/dump-records.js';
import { loadDump } from '../../src/mongo/load.js';
import { machineTime } from '../../src/mongo/migrate.js';
import type { DumpSummary } from '../../src/mongo/read-dump.js';
import { underRestoreMark } from '../../src/mongo/restore-mark.js';

/** The whole dump; `between` runs after every record. */
export async function dumped(
  source: Connected,
  options: Partial<DumpOptions> = {},
  between: () => Promise<void> = async () => undefined,
): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const all = { sessions: true, now: 0, onProgress: () => undefined, ...options };
  for await (const piece of dumpDatabase(source, all, () => undefined)) {
    pieces.push(piece);
    await between();
  }
  return pieces;
}

/** Loads it; `finish` runs while the mark still stands. */
export function loaded(
  target: Connected,
  pieces: readonly Uint8Array[],
  finish: () => Promise<void> = async () => undefined,
  skips?: Parameters<typeof loadDump>[3]['skips'],
): Promise<DumpSummary> {
  const time = { now: () => 0, sleep: machineTime.sleep };
  return underRestoreMark(target, { holder: randomUUID(), time }, (mark) =>
    loadDump(target, mark, decodeRecords(streamOf(pieces)), {
      leaseOf: (owner) => `session-${owner}`,
      onProgress: () => undefined,
      finish,
      ...(skips === undefined ? {} : { skips }),
    }),
  );
}

export async function* streamOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** Databases of one server, closed together. */
export class Databases {
  readonly #url: string;
  readonly #opened: Connected[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  async open(name: string): Promise<Connected> {
    const connected = await connectDatabase(this.#url, name);
    this.#opened.push(connected);
    return connected;
  }

  async close(): Promise<void> {
    for (const { close } of this.#opened.splice(0)) await close();
  }
}
