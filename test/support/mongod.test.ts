import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { MongoClient } from 'mongodb';
import { hasMongod, startMongod } from './mongod.js';

describe('a throw-away mongod', () => {
  const path = process.env['PATH'] ?? '';
  let directory: string;

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'path-'))));
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(directory, { recursive: true });
  });

  /** Puts a program of this name first on the PATH. */
  function mongodIs(...script: string[]): void {
    writeFileSync(join(directory, 'mongod'), ['#!/bin/sh', ...script, ''].join('\n'), { mode: 0o755 });
    process.env['PATH'] = `${directory}${delimiter}${path}`;
  }

  it('O1 is started as a replica set of one, initiated by the driver, and gone after its stop', async () => {
    const program = join(import.meta.dirname, 'stand-in-mongod.ts');
    const root = join(import.meta.dirname, '../..');
    mongodIs(`cd ${root} && exec ${process.execPath} --import tsx ${program} "$@"`);
    expect(hasMongod()).to.equal(true);
    const before = new Set(directoriesOf());
    const mongod = await startMongod();
    const made = directoriesOf().filter((name) => !before.has(name));
    const client = await MongoClient.connect(mongod.url);
    try {
      expect(client.options.replicaSet).to.equal('rs0');
      await client.db('a').collection('rows').insertOne({ n: 1 });
      expect(made).to.have.length(1);
    } finally {
      await client.close();
      await mongod.stop();
    }
    expect(existsSync(join(tmpdir(), made[0] ?? ''))).to.equal(false);
    const again = new MongoClient(mongod.url, { serverSelectionTimeoutMS: 300 });
    const failure: unknown = await again.connect().catch((error: unknown) => error);
    expect(String(failure)).to.include('ECONNREFUSED');
    await again.close();
  });

  it('O1 that ends at once is told with its last words', async () => {
    mongodIs('echo "cannot map memory"; exit 3');
    const failure: unknown = await startMongod().catch((error: unknown) => error);
    expect(String(failure)).to.include('did not become ready').and.include('cannot map memory');
  });
}).timeout(60_000);

function directoriesOf(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('understudy-mongod-'));
}
