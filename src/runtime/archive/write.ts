/** A new archive: written aside, flushed, then named, so that a half one never bears the name. */

import { randomBytes } from 'node:crypto';
import { link, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GatewayError } from '../../domain/errors.js';
import type { NamedKey } from '../keyring.js';
import { plainBytes, sealChunk } from './chunks.js';
import { fileError } from './file-error.js';
import { newArchiveKey } from './header.js';

export interface ArchiveTarget {
  readonly file: string;
  readonly keys: readonly NamedKey[];
  /** Replaces a file of that name. */
  readonly force: boolean;
}

/**
 * Seals everything that `contents` yields, however long, a chunk at a time, into `file` (0600). Answers the file's size in bytes.
 * Throws USAGE when the file exists or cannot be written, and what `contents` throws; the unfinished `FILE.….partial` is removed.
 */
export async function writeArchive(
  { file, keys, force }: ArchiveTarget,
  contents: AsyncIterable<Uint8Array>,
): Promise<number> {
  if (!force) await refuseExisting(file);
  // A name of its own: somebody else may be writing to the same file.
  const partial = `${file}.${randomBytes(4).toString('hex')}.partial`;
  const handle = await open(partial, 'wx', 0o600).catch((error: unknown) => {
    throw fileError(error, file);
  });
  try {
    // No reason to fail: somebody else may be removing them.
    await removeLeftovers(file, handle).catch(() => undefined);
    const bytes = await sealInto(handle, keys, contents);
    await handle.sync();
    await handle.close();
    await named(partial, file, force);
    return bytes;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw fileError(error, file);
  }
}

const leftoverMs = 3600 * 1000;

/**
 * What backups to this file have left when they died, of no use to anybody. One that lives has written lately; where it has not, it
 * fails when it comes to naming its file. Times are the file system's.
 */
async function removeLeftovers(file: string, begun: FileHandle): Promise<void> {
  const { mtimeMs } = await begun.stat();
  const beginning = `${basename(file)}.`;
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(beginning) || !/^[\da-f]{8}\.partial$/.test(name.slice(beginning.length))) continue;
    const leftover = join(dirname(file), name);
    if ((await stat(leftover)).mtimeMs < mtimeMs - leftoverMs) await rm(leftover, { force: true });
  }
}

async function sealInto(
  handle: FileHandle,
  keys: readonly NamedKey[],
  contents: AsyncIterable<Uint8Array>,
): Promise<number> {
  const archive = newArchiveKey(keys);
  let bytes = 0;
  let number = 0;
  const put = async (sealed: Buffer) => {
    for (let from = 0; from < sealed.length;) from += (await handle.write(sealed, from)).bytesWritten;
    bytes += sealed.length;
  };
  await put(archive.header);
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const piece of contents) {
    waiting.push(piece);
    waitingBytes += piece.length;
    // One byte more than a chunk: only then it is certain that this one is not the last.
    if (waitingBytes <= plainBytes) continue;
    let rest = Buffer.concat(waiting);
    for (; rest.length > plainBytes; rest = rest.subarray(plainBytes))
      await put(sealChunk(archive, number++, false, rest.subarray(0, plainBytes)));
    waiting = [rest];
    waitingBytes = rest.length;
  }
  await put(sealChunk(archive, number, true, Buffer.concat(waiting)));
  return bytes;
}

/** A link refuses a name that somebody has taken meanwhile; the name is durable when its directory is. */
async function named(partial: string, file: string, force: boolean): Promise<void> {
  if (force) await rename(partial, file);
  else {
    await link(partial, file);
    await rm(partial);
  }
  const directory = await open(dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function refuseExisting(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there !== undefined)
    throw new GatewayError(
      'USAGE',
      `The file ${file} exists already; give another name, or --force to replace it.`,
    );
}
