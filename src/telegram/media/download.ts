/** Reads a file part by part, whatever happens to its reference or its DC meanwhile. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import type { Caller } from '../link/link.js';
import { long } from '../tl/long.js';
import { migration } from '../rpc/errors.js';
import type { FileLocation } from './file-token.js';
import { patiently } from './patience.js';
import { isReferenceExpired } from './refetch.js';
import { unreadable } from './unreadable.js';

/** 512 KiB: the largest part that both directions allow. */
export const partBytes = 512 * 1024;

export interface DownloadSource {
  readonly file: FileLocation;
  /** The link that moves files at a DC. */
  readonly linkTo: (dc: number) => Promise<Caller>;
  /** The same file with a fresh reference; undefined where nobody knows a message that holds it. */
  readonly refetch: (() => Promise<FileLocation>) | undefined;
  readonly clock: Clock;
}

export class Download {
  readonly #source: DownloadSource;
  #file: FileLocation;
  #dc: number;
  /** All parts in flight share one look at the source message. */
  #refreshing: Promise<void> | undefined;

  constructor(source: DownloadSource) {
    this.#source = source;
    this.#file = source.file;
    this.#dc = source.file.dc;
  }

  /** At most `partBytes` from this offset (a multiple of it); fewer only at the end, none after it. */
  async read(offset: number): Promise<Uint8Array> {
    for (let repairs = 0; ; repairs += 1) {
      const used = this.#file;
      try {
        return await patiently(this.#source.clock, () => this.#getFile(used, offset));
      } catch (thrown) {
        // Twice: a reference may expire again while a long flood is waited out. More often is another fault.
        if (repairs === 2) throw unreadable(thrown);
        await this.#repair(thrown, used);
      }
    }
  }

  /** Makes the next try at the same offset possible, or throws. */
  async #repair(thrown: unknown, used: FileLocation): Promise<void> {
    const moved = migration(thrown);
    if (moved?.scope === 'call') {
      this.#dc = moved.dc;
      return;
    }
    const { refetch } = this.#source;
    if (refetch === undefined || !isReferenceExpired(thrown)) throw unreadable(thrown);
    if (this.#file !== used) return;
    this.#refreshing ??= refetch()
      .then((file) => void (this.#file = file))
      .finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
  }

  async #getFile(file: FileLocation, offset: number): Promise<Uint8Array> {
    const link = await this.#source.linkTo(this.#dc);
    const answer = await link.call({
      _: 'upload.getFile',
      location: locationOf(file),
      offset,
      limit: partBytes,
    });
    // Redirects come only to clients that say they follow them.
    if (answer._ !== 'upload.file') throw new GatewayError('TELEGRAM_REFUSED', 'the file lies on a CDN');
    return answer.bytes;
  }
}

function locationOf(file: FileLocation): tl.TypeInputFileLocation {
  return {
    _: file.type === 'photo' ? 'inputPhotoFileLocation' : 'inputDocumentFileLocation',
    id: long(file.id),
    accessHash: long(file.accessHash),
    fileReference: file.fileReference,
    thumbSize: file.thumbSize ?? '',
  };
}
