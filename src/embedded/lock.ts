import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
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
 * Takes the directory for this process. The lock appears whole (a link), and a stale one is removed under a
 * claim before a new one is made, so of many takers one wins.
 * @throws GatewayError DIRECTORY_IN_USE with the holder's pid
 */
export async function lockDirectory(directory: string, socket: string): Promise<DirectoryLock> {
  const path = join(directory, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid), socket });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { mode: 0o600, flag: 'wx' });
  let before: Holder | undefined;
  try {
    while (!(await linked(draft, path))) before = (await removeStale(draft, path)) ?? before;
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

/**
 * Removes a dead holder's lock. Only who holds the claim on this very lock file may: else a slow taker would remove the lock of
 * a faster one, and a third would slip in between.
 */
async function removeStale(draft: string, path: string): Promise<Holder | undefined> {
  const text = await textOf(path);
  const inode = await inodeOf(path);
  if (text === undefined || inode === undefined) return undefined;
  const holder = parse(text);
  if (holder && (await isLiving(holder))) throw new GatewayError('DIRECTORY_IN_USE', String(holder.pid));
  const claim = `${path}.claim-${inode}`;
  if (!(await linked(draft, claim))) {
    const claimant = parse(await textOf(claim));
    if (claimant && (await isRunning(claimant)))
      throw new GatewayError('DIRECTORY_IN_USE', String(claimant.pid));
    await rm(claim, { force: true });
    return undefined;
  }
  try {
    // Read again under the claim: a faster taker may have put its own lock here, even under a reused inode.
    if ((await inodeOf(path)) !== inode || (await textOf(path)) !== text) return undefined;
    await rm(path, { force: true });
    return holder;
  } finally {
    await rm(claim, { force: true });
  }
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await stat(path, { bigint: true })).ino;
  } catch {
    return undefined;
  }
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
