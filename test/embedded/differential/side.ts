import {
  Int32,
  Long,
  MongoServerError,
  type ClientSession,
  type Db,
  type Document,
  type MongoClient,
} from 'mongodb';
import { ModelCollection } from '../model/collection.js';
import type { Step } from '../model/generate/steps.js';
import { Refusal, type Fields, type Plain } from '../model/value.js';

/** One of the two that are compared: answers a step in the plain form that both share. */
export interface Side {
  readonly name: string;
  answer(step: Step): Promise<Fields>;
  /** Whether an index serves the filter; where nobody can tell, undefined. */
  isIndexed?(filter: Plain): Promise<boolean>;
  close(): Promise<void>;
}

export function modelSide(): Side {
  const model = new ModelCollection();
  return {
    name: 'the naive model',
    answer: async ({ command }) => {
      try {
        return model.run(command);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { code: new Int32(error.code), ...error.details };
      }
    },
    close: async () => undefined,
  };
}

/** Sessions come from a pool: a number must be above all that the driver gave out and never come again. */
let txnNumber = 1_000_000;

/** A database of its own behind a URL, dropped at the end. */
export async function databaseSide(client: MongoClient, name: string): Promise<Side> {
  const db = client.db(name);
  await db.dropDatabase();
  const session = client.startSession();
  return {
    name: client.options.hosts.join(','),
    answer: async ({ command, repeated }) => {
      const numbered = { ...command, txnNumber: Long.fromNumber(++txnNumber) };
      if (repeated !== true) return answerOf(db, command);
      await answerOf(db, numbered, session);
      return answerOf(db, numbered, session);
    },
    isIndexed: async (filter) =>
      JSON.stringify(
        await db
          .collection('rows')
          .find(filter as Document)
          .explain('queryPlanner'),
      ).includes('IXSCAN'),
    close: async () => {
      await session.endSession();
      await db.dropDatabase();
    },
  };
}

const raw = { promoteValues: false, promoteLongs: false } as const;

async function answerOf(db: Db, command: Fields, session?: ClientSession): Promise<Fields> {
  try {
    const answer = await db.command(command, { ...raw, ...(session ? { session } : {}) });
    return 'cursor' in answer ? { rows: await drained(db, command, answer) } : plain(command, answer);
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return { code: new Int32(Number(error.code)), ...duplicateOf(error) };
  }
}

/** All batches of a cursor. */
async function drained(db: Db, command: Fields, first: Document): Promise<Plain[]> {
  const [name = ''] = Object.keys(command);
  let cursor = first['cursor'] as { id: Long; firstBatch?: Plain[]; nextBatch?: Plain[] };
  const rows = [...(cursor.firstBatch ?? [])];
  while (!cursor.id.isZero()) {
    const next = { getMore: cursor.id, collection: command[name], batchSize: new Int32(5) };
    cursor = (await db.command(next, raw))['cursor'] as typeof cursor;
    rows.push(...(cursor.nextBatch ?? []));
  }
  return rows;
}

/** What the manual promises of an answer; clocks, texts and server details fall away. */
function plain(command: Fields, answer: Document): Fields {
  const [name = ''] = Object.keys(command);
  if (name === 'createIndexes' || name === 'dropIndexes') return {};
  const { n, nModified, upserted, values, value, lastErrorObject, writeErrors } = answer as Partial<
    Record<string, Plain>
  >;
  if (name === 'findAndModify') return { value: value ?? null, last: lastErrorObject ?? null };
  const errors = (writeErrors as Document[] | undefined)?.map((one): Fields => ({
    index: one['index'] as Plain,
    code: one['code'] as Plain,
    ...duplicateOf(one),
  }));
  return {
    ...(values === undefined ? { n: n ?? null } : { values }),
    ...(nModified === undefined ? {} : { nModified }),
    ...(upserted === undefined ? {} : { upserted }),
    ...(errors === undefined ? {} : { writeErrors: errors }),
  };
}

function duplicateOf(error: Document): Fields {
  const { keyPattern, keyValue } = error as Partial<Record<string, Plain>>;
  return keyPattern === undefined ? {} : { keyPattern, keyValue: keyValue ?? null };
}
