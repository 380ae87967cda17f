/** This machine: Node.js, the data directory and its disk. */

import { GatewayError } from '../domain/errors.js';
import type { DirectoryFacts } from '../embedded/index.js';
import { fatal, fine, warning, type Finding } from './finding.js';

/** package.json, `engines`. */
const oldestNode = [20, 19] as const;

const mebibyte = 1024 ** 2;
/** Below it a start could not even finish what is under way. */
const leastFreeBytes = 64 * mebibyte;
const littleFreeBytes = 1024 * mebibyte;

/** `version` as in `process.versions.node`. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (isNew) return fine('Node.js', version);
  const detail = `Node.js ${version} is too old; install ${oldestNode.join('.')} or newer.`;
  return fatal('Node.js', new GatewayError('CONFIG_INVALID', detail));
}

/** Undefined facts: there is no directory yet, and the start makes it as it should be. */
export function judgeDirectory(path: string, facts: DirectoryFacts | undefined): Finding[] {
  const name = 'data directory';
  if (facts === undefined) return [fine(name, `${path} is made at the first start`)];
  const isPrivate = (facts.mode & 0o077) === 0;
  return [
    isPrivate
      ? fine(name, `${path}, for this user only`)
      : warning(
          name,
          'directory-open',
          `${path} is open to other users; where it is a volume, give a directory in it, else close it with: chmod 700 ${path}`,
        ),
    judgeDisk(facts.freeBytes),
  ];
}

function judgeDisk(freeBytes: number): Finding {
  const name = 'disk';
  const free = `${Math.floor(freeBytes / mebibyte)} MiB free`;
  if (freeBytes < leastFreeBytes)
    return fatal(name, new GatewayError('STORE_FULL', `${free} on the disk of DATA_DIR`));
  return freeBytes < littleFreeBytes
    ? warning(name, 'disk-nearly-full', `${free}; make room, or move DATA_DIR or the data to a larger disk`)
    : fine(name, free);
}
