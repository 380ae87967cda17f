/** A MongoDB for tests: a throw-away replica set of one member, where `mongod` is on the PATH. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, MongoServerError } from 'mongodb';
import { freePort } from './redis-server.js';

export interface Mongod {
  readonly url: string;
  /** Ends it at once; its directory goes with it. */
  stop(): Promise<void>;
}

export function hasMongod(): boolean {
  return spawnSync('mongod', ['--version']).status === 0;
}

const readyMs = 60_000;
const alreadyInitialized = 23;

/** Starts on loopback, on a free port, and resolves when it is the primary of its replica set. */
export async function startMongod(): Promise<Mongod> {
  const directory = await mkdtemp(join(tmpdir(), 'understudy-mongod-'));
  const port = await freePort();
  const place = ['--bind_ip', '127.0.0.1', '--port', `${port}`, '--dbpath', directory, '--nounixsocket'];
  const child = spawn('mongod', [...place, '--replSet', 'rs0', '--wiredTigerCacheSizeGB', '0.5', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = lastLines(child);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await becomePrimary(`127.0.0.1:${port}`, child);
  } catch (error) {
    await stop();
    throw new Error(`mongod did not become ready: ${lines()}`, { cause: error });
  }
  return { url: `mongodb://127.0.0.1:${port}/?replicaSet=rs0`, stop };
}

/** Drains the log, which would block the server otherwise, and keeps its end for a message. */
function lastLines(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)));
  return () => text;
}

async function becomePrimary(host: string, child: ChildProcess): Promise<void> {
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: readyMs,
  });
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`mongod ended with ${code}`)));
  });
  try {
    await Promise.race([initiate(client, host), gone]);
  } finally {
    await client.close();
  }
}

async function initiate(client: MongoClient, host: string): Promise<void> {
  const admin = client.db('admin');
  const end = Date.now() + readyMs;
  try {
    await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === alreadyInitialized)) throw error;
  }
  while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) {
    if (Date.now() > end) throw new Error(`no primary after ${readyMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
