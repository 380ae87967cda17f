import { stat, statfs } from 'node:fs/promises';

export interface DirectoryFacts {
  /** Its permission bits. */
  readonly mode: number;
  /** What an ordinary user may still write to its disk. */
  readonly freeBytes: number;
}

/** Of a data directory; undefined when there is none yet. Changes nothing. */
export async function directoryFacts(directory: string): Promise<DirectoryFacts | undefined> {
  try {
    const { mode } = await stat(directory);
    const { bavail, bsize } = await statfs(directory);
    return { mode: mode & 0o777, freeBytes: bavail * bsize };
  } catch {
    return undefined;
  }
}
