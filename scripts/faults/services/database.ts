/** The database that several gateways reach over TCP: a real MongoDB where there is one, else the embedded wire server as a process of its own. */

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient, MongoServerError } from 'mongodb';
import { freePort } from '../../../test/support/redis-server.js';
import type { Processes } from '../../sandbox/processes.js';
import { switchOf, type ProcessSwitch } from '../stage/switch.js';
import { nativeSwitch } from './native.js';

export interface Database {
  /** With the name of this round's database. */
  readonly url: string;
  /** Absent: it runs elsewhere, and is nobody's to kill. */
  readonly process?: ProcessSwitch;
  /** Rows that are not settled: deliveries under way and journal rows that nobody has routed. */
  readonly openRows: () => Promise<number>;
  /** Leaves nothing behind on a server that stays. */
  drop(): Promise<void>;
}

export type DatabaseKind = 'url' | 'mongod' | 'embedded';

const alreadyInitialized = 23;

const given = process.env['MONGODB_URL'] ?? '';
const mongod = spawnSync('mongod', ['--version'], { encoding: 'utf8' });

export const databaseKind: DatabaseKind = given !== '' ? 'url' : mongod.status === 0 ? 'mongod' : 'embedded';

/** For the head of the table: what it ran on, and what it did not. */
export const databaseLine: string = {
  url: 'database: the MongoDB at MONGODB_URL',
  mongod: `database: mongod ${/v(\d\S*)/.exec(mongod.stdout)?.[1] ?? ''}, a replica set of one`,
  embedded:
    'database: the embedded wire server over TCP; mongodb: not run (no MONGODB_URL, no mongod on the PATH)',
}[databaseKind];

export async function openDatabase(processes: Processes, directory: string): Promise<Database> {
  const name = `faults_${randomUUID().slice(0, 8)}`;
  if (databaseKind === 'url') return asked(urlOf(given, name));
  const port = await freePort();
  const url = `mongodb://127.0.0.1:${port}/${name}?directConnection=true`;
  const data = join(directory, 'database');
  mkdirSync(data);
  const running =
    databaseKind === 'mongod'
      ? await startMongod(directory, data, port)
      : await startEmbedded(processes, data, port);
  return { ...asked(url), process: running };
}

/** Another database of the same server. */
function urlOf(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

async function startEmbedded(processes: Processes, data: string, port: number): Promise<ProcessSwitch> {
  const args = ['store', '--listen', `127.0.0.1:${port}`, '--data', data];
  const running = switchOf(processes, { name: 'database', file: 'src/cli.ts', args });
  await running.start();
  return running;
}

/** Ready when it is the primary, also after each restart. */
async function startMongod(directory: string, data: string, port: number): Promise<ProcessSwitch> {
  const host = `127.0.0.1:${port}`;
  const running = nativeSwitch({
    command: 'mongod',
    args: ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', data, '--replSet', 'rs0'],
    readyText: 'Waiting for connections',
    logFile: join(directory, 'database.log'),
  });
  const start = async (): Promise<void> => {
    await running.start();
    await withClient(`mongodb://${host}/?directConnection=true`, (client) => becomePrimary(client, host));
  };
  await start();
  return {
    ...running,
    get alive() {
      return running.alive;
    },
    start,
  };
}

async function becomePrimary(client: MongoClient, host: string): Promise<void> {
  const admin = client.db('admin');
  await admin
    .command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } })
    .catch((error: unknown) => {
      if (!(error instanceof MongoServerError && error.code === alreadyInitialized)) throw error;
    });
  while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

function asked(url: string): Omit<Database, 'process'> {
  return {
    url,
    openRows: () =>
      withClient(url, async (client) => {
        const db = client.db();
        const [deliveries, journal] = await Promise.all([
          db.collection('deliveries').countDocuments({ open: true }),
          db.collection('journal').countDocuments({ unrouted: true }),
        ]);
        return deliveries + journal;
      }),
    drop: () =>
      withClient(url, async (client) => {
        await client.db().dropDatabase();
      }),
  };
}

async function withClient<T>(url: string, act: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 8000 });
  try {
    return await act(await client.connect());
  } finally {
    await client.close();
  }
}
