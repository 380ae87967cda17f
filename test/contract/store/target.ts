import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, MongoServerError, type Collection, type Db, type Document } from 'mongodb';
import { openEmbeddedStore } from '../../../src/embedded/index.js';

/** Documents of the suite: an `_id` of any type. */
export interface Row extends Document {
  _id?: null | boolean | number | string | object;
}

interface Opened {
  url: string;
  close(): Promise<void>;
}

interface Target {
  readonly name: string;
  readonly open: () => Promise<Opened>;
}

const mongoUrl = process.env['MONGODB_URL'];

if (!mongoUrl && (process.env['REQUIRE_REAL'] ?? '').split(',').includes('mongodb'))
  throw new Error('REQUIRE_REAL asks for a real MongoDB, but MONGODB_URL is not set');

/** The embedded store always, a real MongoDB where MONGODB_URL names one; STORE_TARGET leaves one of them. */
const targets: readonly Target[] = [
  { name: 'embedded', open: openEmbedded },
  ...(mongoUrl
    ? [{ name: 'MongoDB', open: async () => ({ url: mongoUrl, close: async () => undefined }) }]
    : []),
].filter(({ name }) => [undefined, name].includes(process.env['STORE_TARGET']));

if (targets.length === 0) throw new Error('STORE_TARGET names none of the databases at hand');

async function openEmbedded(): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), 'store-'));
  const store = await openEmbeddedStore({ directory });
  return {
    url: store.url,
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** What a test works with: a database of its own, emptied before each test. */
export interface Bench {
  readonly client: MongoClient;
  readonly db: Db;
  readonly rows: Collection<Row>;
  readonly isEmbedded: boolean;
}

/** Describes a topic once per target; `bench()` may be called inside hooks and tests. */
export function onEachStore(topic: string, describeTopic: (bench: () => Bench) => void): void {
  for (const target of targets) {
    describe(`${topic} (${target.name})`, () => {
      let opened: Opened | undefined;
      let bench: Bench | undefined;
      before(async () => {
        opened = await target.open();
        const client = await MongoClient.connect(opened.url);
        const db = client.db(`contract-${process.pid}`);
        bench = { client, db, rows: db.collection<Row>('rows'), isEmbedded: target.name === 'embedded' };
      });
      beforeEach(() => bench?.db.dropDatabase());
      after(async () => {
        await bench?.db.dropDatabase();
        await bench?.client.close();
        await opened?.close();
      });
      describeTopic(() => {
        if (!bench) throw new Error('the store is not open yet');
        return bench;
      });
    });
  }
}

/** The error a promise rejects with; fails if it does not. */
export async function failure(work: Promise<unknown>): Promise<MongoServerError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof MongoServerError) return outcome.error;
  throw new Error(`expected a server's refusal, got ${JSON.stringify(outcome)}`);
}
