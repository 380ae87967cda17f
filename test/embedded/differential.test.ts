import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { scratchDirectory } from '../support/scratch.js';
import { playRound } from './differential/round.js';
import { databaseSide, modelSide } from './differential/side.js';

/** More with `npm run test:services -- --differential --rounds 200`. */
const seeds = [1, 2, 3, 4];

describe('O1 the embedded store against a naive model', () => {
  let directory: string;
  let store: EmbeddedStore;
  let client: MongoClient;

  before(async () => {
    directory = scratchDirectory();
    store = await openEmbeddedStore({ directory });
    client = await MongoClient.connect(store.url);
  });

  after(async () => {
    await client.close();
    await store.close();
    rmSync(directory, { recursive: true });
  });

  for (const seed of seeds) {
    it(`O1 seed ${seed}: every answer is the same, with and without each index`, async () => {
      const side = await databaseSide(client, `seed${seed}`);
      const { steps, indexed } = await playRound(seed, side, modelSide());
      await side.close();
      expect(steps).to.be.greaterThan(300);
      expect(indexed).to.be.greaterThan(5);
    });
  }
}).timeout(60_000);
