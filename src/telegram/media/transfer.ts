/** Files from the account that saw them to the account that sends them, part by part and never as a whole. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { OwnerId } from '../../domain/ids.js';
import type { Clock } from '../../ports/runtime.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import { liveSession, type SessionOf } from '../peers/session.js';
import { Download, partBytes } from './download.js';
import type { FileLocation } from './file-token.js';
import { refetchFile, type FileSource } from './refetch.js';
import { Slots } from './slots.js';
import { openUpload, type Upload } from './upload.js';

export interface TransferOrder {
  /** The session that can read the file. */
  readonly from: OwnerId;
  /** The session that will send it. */
  readonly to: OwnerId;
  readonly file: FileLocation;
  readonly name: string;
  /** A message that holds the file: its reference may expire on the way. */
  readonly source?: FileSource;
}

export interface Progress {
  readonly from: OwnerId;
  readonly to: OwnerId;
  readonly movedBytes: number;
  readonly totalBytes: number;
}

export interface Transfers {
  /**
   * Answers the handle to send the file under. Throws FLOOD_WAIT above a minute, CONTENT_UNSUPPORTED when the file is gone,
   * TELEGRAM_UNREACHABLE, ANSWER_LOST, TELEGRAM_REFUSED; nothing was sent then, and beginning again is harmless.
   */
  carry(order: TransferOrder): Promise<tl.TypeInputFile>;
}

interface Deps {
  readonly sessionOf: SessionOf;
  readonly peers: Pick<PeerDirectory, 'inputChannel'>;
  readonly clock: Clock;
  /** Transfers at once in this process; each holds at most `partsInFlight` parts, 3 MiB. */
  readonly parallel?: number;
  /** Called after every part, for the log. */
  readonly onProgress?: (progress: Progress) => void;
}

const partsInFlight = 6;
const uploadsInFlight = 3;

export function createTransfers(deps: Deps): Transfers {
  const slots = new Slots(deps.parallel ?? 4);
  return { carry: (order) => slots.run(() => carry(deps, order)) };
}

async function carry(deps: Deps, order: TransferOrder): Promise<tl.TypeInputFile> {
  const reader = liveSession(deps.sessionOf, order.from);
  const writer = liveSession(deps.sessionOf, order.to);
  const { source, file } = order;
  const download = new Download({
    file,
    linkTo: (dc) => reader.mediaLink(dc),
    refetch: source && (() => refetchFile(reader, deps.peers, source, file)),
    clock: deps.clock,
  });
  const target = await writer.mediaLink();
  const move = async (bytes: number): Promise<tl.TypeInputFile | undefined> => {
    const upload = openUpload(target, deps.clock, { bytes, name: order.name });
    const whole = await moveParts(download, upload, bytes, (movedBytes) =>
      deps.onProgress?.({ from: order.from, to: order.to, movedBytes, totalBytes: bytes }),
    );
    return whole ? upload.finished() : undefined;
  };
  // Telegram's word on a size is sometimes missing or wrong; then the file itself is asked.
  const announced = file.bytes > 0 ? await move(file.bytes) : undefined;
  const moved = announced ?? (await move(await measure(download)));
  if (moved === undefined) throw new GatewayError('CONTENT_UNSUPPORTED', 'its file changes while it is read');
  return moved;
}

/** False when the file is not as long as was said. */
async function moveParts(
  download: Download,
  upload: Upload,
  bytes: number,
  onMoved: (movedBytes: number) => void,
): Promise<boolean> {
  const uploads = new Slots(uploadsInFlight);
  let next = 0;
  let movedBytes = 0;
  let fits = true;
  let going = true;
  const work = async (): Promise<void> => {
    while (going && next < upload.parts) {
      const part = next;
      next += 1;
      const data = await download.read(part * partBytes);
      fits &&= data.length === Math.min(partBytes, bytes - part * partBytes);
      going &&= fits;
      if (!going) return;
      await uploads.run(() => upload.write(part, data));
      movedBytes += data.length;
      onMoved(movedBytes);
    }
  };
  const stopOnFailure = (thrown: unknown): never => {
    going = false;
    throw thrown;
  };
  const workers = Array.from({ length: partsInFlight }, () => work().catch(stopOnFailure));
  // No part is on its way any more when the failure goes up.
  const ends = await Promise.allSettled(workers);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return fits;
}

/** The size by reading to the end; what was read is not kept. */
async function measure(download: Download): Promise<number> {
  for (let offset = 0; ; offset += partBytes) {
    const { length } = await download.read(offset);
    if (length === partBytes) continue;
    if (offset + length === 0) throw new GatewayError('CONTENT_UNSUPPORTED', 'its file is empty');
    return offset + length;
  }
}
