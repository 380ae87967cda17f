import { MongoClient } from 'mongodb';
import { openEmbeddedStore } from '../../src/embedded/index.js';

/** A process of its own with a store: `node --import tsx child.ts DIRECTORY`. Prints each acknowledged write; is killed. */
async function main(directory: string): Promise<void> {
  const store = await openEmbeddedStore({ directory });
  const client = await MongoClient.connect(store.url);
  const rows = client.db('crash').collection<{ _id: string; n: number }>('rows');
  await rows.createIndex({ n: 1 }, { unique: true }, {});
  const start = await rows.estimatedDocumentCount();
  process.stdout.write(`ready ${store.url}\n`);
  const writer = async (w: number): Promise<void> => {
    for (let n = start + w; ; n += 20) {
      await rows.insertOne({ _id: `${process.pid}-${n}`, n: process.pid * 1e6 + n });
      process.stdout.write(`${process.pid}-${n}\n`);
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, w) => writer(w)));
}

await main(process.argv[2] ?? '');
