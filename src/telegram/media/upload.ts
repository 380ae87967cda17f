/** Writes a file of known size part by part, in any order. */

import { randomBytes } from 'node:crypto';

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import type { Caller } from '../link/link.js';
import { long } from '../tl/long.js';
import { partBytes } from './download.js';
import { patiently } from './patience.js';

/** Above this only `saveBigFilePart` takes it. Source: core.telegram.org/api/files. */
const smallFileBytes = 10 * 1024 * 1024;

export interface Upload {
  readonly parts: number;
  write(part: number, bytes: Uint8Array): Promise<void>;
  /** The handle to send, once every part is written; it lives some hours. */
  finished(): tl.TypeInputFile;
}

/** Parts are kept under a random id, so a transfer that is begun again collides with nothing. */
export function openUpload(link: Caller, clock: Clock, file: { bytes: number; name: string }): Upload {
  const fileId = long(randomBytes(8).readBigInt64LE().toString());
  const parts = Math.ceil(file.bytes / partBytes);
  const big = file.bytes > smallFileBytes;

  const save = (part: number, bytes: Uint8Array): Promise<boolean> =>
    big
      ? link.call({ _: 'upload.saveBigFilePart', fileId, filePart: part, fileTotalParts: parts, bytes })
      : link.call({ _: 'upload.saveFilePart', fileId, filePart: part, bytes });

  return {
    parts,
    async write(part, bytes) {
      const saved = await patiently(clock, () => save(part, bytes));
      if (!saved) throw new GatewayError('TELEGRAM_REFUSED', 'a part of the file was not stored');
    },
    finished: () =>
      big
        ? { _: 'inputFileBig', id: fileId, parts, name: file.name }
        : // The checksum is optional; parts arrive in any order, so there is none.
          { _: 'inputFile', id: fileId, parts, name: file.name, md5Checksum: '' },
  };
}
