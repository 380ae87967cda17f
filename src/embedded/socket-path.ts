import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A unix socket's path ends at 107 bytes. */
const maxPathBytes = 107;
const privatePrefix = 'understudy-';

/** Where the store listens: in its directory, or, if that path is too long, in a short private (0700) directory. */
export async function socketPathFor(directory: string): Promise<string> {
  // The driver takes only names that end with .sock for a unix socket.
  const path = join(directory, 'store.sock');
  if (Buffer.byteLength(path) <= maxPathBytes) return path;
  return join(await mkdtemp(join(tmpdir(), privatePrefix)), 'store.sock');
}

/** Removes a socket that nobody listens on any more, and the private directory made for it. */
export async function removeSocket(path: string): Promise<void> {
  await rm(path, { force: true });
  const directory = dirname(path);
  if (dirname(directory) === tmpdir() && basename(directory).startsWith(privatePrefix))
    await rm(directory, { recursive: true, force: true });
}

export function urlOf(socket: string): string {
  return `mongodb://${encodeURIComponent(socket)}/?directConnection=true`;
}
