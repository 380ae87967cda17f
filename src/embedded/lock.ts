import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { GatewayError } from '../domain/errors.js';

/** What the file `lock` says about the process that holds a data directory. */
export interface Holder {
  readonly pid: number;
  /** The process's start in clock ticks since boot, so that a reused pid is not taken for the holder; '' where /proc has none. */
  readonly started: string;
  /** The store's unix socket. */
  readonly socket: string;
}

export interface DirectoryLock {
  /** The stale holder whose lock was taken over. */
  readonly before: Holder | undefined;
  release(): Promise<void>;
}

/**
 * Takes the directory for this process. The lock appears whole (a link), and a stale one is moved aside before a
 * new one is made, so of two takers one wins.
 * @throws GatewayError DIRECTORY_IN_USE with the holder's pid
 */
export async function lockDirectory(directory: string, socket: string): Promise<DirectoryLock> {
  const path = join(directory, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid), socket });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { mode: 0o600, flag: 'wx' });
  let before: Holder | undefined;
  try {
    while (!(await linked(draft, path))) before = (await moveStaleAside(path)) ?? before;
  } finally {
    await rm(draft, { force: true });
  }
  const release = async (): Promise<void> => {
    if ((await textOf(path)) === own) await rm(path, { force: true });
  };
  return { before, release };
}

/** The living holder of a directory, if there is one. */
export async function livingHolder(directory: string): Promise<Holder | undefined> {
  const holder = parse(await textOf(join(directory, 'lock')));
  return holder && (await isLiving(holder)) ? holder : undefined;
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function moveStaleAside(path: string): Promise<Holder | undefined> {
  const text = await textOf(path);
  const holder = parse(text);
  if (holder && (await isLiving(holder))) throw new GatewayError('DIRECTORY_IN_USE', String(holder.pid));
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return holder;
    throw error;
  }
  const moved = await textOf(aside);
  // Another taker was faster and this is its new lock: give it back.
  if (moved !== text) await linked(aside, path);
  await rm(aside, { force: true });
  return holder;
}

/** Living: its process runs, or its socket answers (a process of another container, whose pid is not seen here). */
async function isLiving(holder: Holder): Promise<boolean> {
  return (await isRunning(holder)) || answers(holder.socket);
}

async function isRunning({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  const now = await startOf(pid);
  return now === '' || started === '' || now === started;
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => resolve(true));
    probe.once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces, so the fields are counted behind it. */
async function startOf(pid: number): Promise<string> {
  const stat = await textOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(text: string | undefined): Holder | undefined {
  try {
    const { pid, started, socket } = JSON.parse(text ?? '') as Record<string, unknown>;
    const isHolder = typeof pid === 'number' && typeof started === 'string' && typeof socket === 'string';
    return isHolder ? { pid, started, socket } : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
