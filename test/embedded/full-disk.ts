import { MongoClient, MongoServerError } from 'mongodb';
import { openEmbeddedStore } from '../../src/embedded/index.js';

/** A process of its own whose files may not grow for ever: fills a store, then asks it further. Prints what it saw as JSON. */
async function main(directory: string): Promise<void> {
  const store = await openEmbeddedStore({ directory });
  const client = await MongoClient.connect(store.url);
  const rows = client.db('full').collection<{ _id: number; text: string }>('rows');
  const codeOf = (error: unknown): unknown =>
    error instanceof MongoServerError ? error.code : String(error);
  const insert = (n: number, bytes: number): Promise<unknown> =>
    rows.insertOne({ _id: n, text: 'x'.repeat(bytes) }).then(() => 'written', codeOf);
  const written: number[] = [];
  let refusal: unknown;
  for (let n = 0; refusal === undefined && n < 1000; n++) {
    const outcome = await insert(n, 50_000);
    if (outcome === 'written') written.push(n);
    else refusal = outcome;
  }
  const together = await Promise.all([insert(2001, 200_000), insert(2002, 200_000), insert(2003, 200_000)]);
  const found = (await rows.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  await client.close();
  await store.close();
  process.stdout.write(JSON.stringify({ written, refusal, together, found }));
}

await main(process.argv[2] ?? '');
