/** The seeded differential rounds: between two databases, or of one against the naive model. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { openEmbeddedStore } from '../../src/embedded/index.js';
import { Difference, playRound } from '../../test/embedded/differential/round.js';
import { databaseSide, modelSide } from '../../test/embedded/differential/side.js';
import type { Keep } from './backends.js';
import type { Outcome } from './suite.js';

export interface Rounds {
  readonly seed: number;
  readonly rounds: number;
}

/** Each round is a seed of its own; a difference ends its round and is a failure with everything needed to see it again. */
export async function playDifferential(
  urls: readonly [string, string?],
  { seed, rounds }: Rounds,
  keep: Keep,
): Promise<Outcome> {
  const left = await connected(urls[0], keep);
  const right = urls[1] === undefined ? undefined : await connected(urls[1], keep);
  const failures: { title: string; why: string }[] = [];
  let passed = 0;
  for (let one = seed; one < seed + rounds; one++) {
    // Two databases may be one server: the names keep them apart.
    const first = await databaseSide(left, `differential-${process.pid}-${one}-a`);
    const second = right ? await databaseSide(right, `differential-${process.pid}-${one}-b`) : modelSide();
    try {
      await playRound(one, first, second);
      passed++;
    } catch (error) {
      failures.push({ title: `differential seed ${one}`, why: whyOf(error) });
    } finally {
      await first.close();
      await second.close();
    }
  }
  return { passed, leftOut: 0, failures };
}

function whyOf(error: unknown): string {
  if (error instanceof Difference) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function connected(url: string, keep: Keep): Promise<MongoClient> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 8000 });
  keep(() => client.close());
  try {
    return await client.connect();
  } catch (error) {
    // The URL itself may hold a password.
    const hosts = client.options.hosts.join(', ');
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The database at ${hosts} does not answer (${reason}).`, { cause: error });
  }
}

/** A fresh embedded store in a directory that the caller removes. */
export async function embeddedUrl(directory: string, keep: Keep): Promise<string> {
  const place = join(directory, 'embedded');
  mkdirSync(place, { recursive: true });
  const store = await openEmbeddedStore({ directory: place });
  keep(() => store.close());
  return store.url;
}
