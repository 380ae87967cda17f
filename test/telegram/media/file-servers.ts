import type { tl } from '@mtcute/tl';

import { connectionId, deskId } from '../../../src/domain/ids.js';
import type { FileLocation } from '../../../src/telegram/media/file-token.js';
import { FakeSession, type Answers } from '../outgoing/fake-session.js';

export const reader = connectionId('7000000001');
export const writer = deskId('7000000002');
export const partBytes = 512 * 1024;

/** Bytes that differ from place to place, so that swapped or missing parts show. */
export function content(bytes: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0; i < words.length; i += 1) words[i] = Math.imul(i + 1, 2_654_435_761);
  return Buffer.from(words.buffer, 0, bytes);
}

export function locationOf(bytes: number, fields: Partial<FileLocation> = {}): FileLocation {
  return {
    dc: 2,
    type: 'document',
    id: '5000000000000000001',
    accessHash: '-5',
    fileReference: Uint8Array.of(1),
    bytes,
    ...fields,
  };
}

export type GetFile = tl.upload.RawGetFileRequest;

/** A session that may read this file. `refuse` throws where Telegram would. */
export function readerOf(
  file: Buffer,
  refuse: (request: GetFile, dc: number | undefined) => void | Promise<void> = () => undefined,
  answers: Answers = {},
): FakeSession {
  return new FakeSession(reader, {
    async 'upload.getFile'(request, dc) {
      await refuse(request, dc);
      const bytes = file.subarray(request.offset, request.offset + request.limit);
      return { _: 'upload.file', type: { _: 'storage.fileUnknown' }, mtime: 0, bytes };
    },
    ...answers,
  });
}

/** A session that takes parts, and the file that they make. */
export class PartStore {
  readonly session: FakeSession;
  readonly #parts = new Map<string, Map<number, Buffer>>();
  inFlight = 0;
  mostInFlight = 0;
  total: number | undefined;

  constructor(refuse: () => void | Promise<void> = () => undefined) {
    const save = async (request: {
      readonly fileId: tl.Long;
      readonly filePart: number;
      readonly bytes: Uint8Array;
    }): Promise<boolean> => {
      this.inFlight += 1;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      try {
        await new Promise((resolve) => setImmediate(resolve));
        await refuse();
      } finally {
        this.inFlight -= 1;
      }
      const id = request.fileId.toString();
      const parts = this.#parts.get(id) ?? new Map<number, Buffer>();
      this.#parts.set(id, parts.set(request.filePart, Buffer.from(request.bytes)));
      return true;
    };
    this.session = new FakeSession(writer, {
      'upload.saveFilePart': save,
      'upload.saveBigFilePart': (request) => {
        this.total = request.fileTotalParts;
        return save(request);
      },
    });
  }

  /** What the handle stands for. */
  file(handle: tl.TypeInputFile): Buffer {
    if (handle._ === 'inputFileStoryDocument') throw new Error('not an upload');
    const parts = this.#parts.get(handle.id.toString()) ?? new Map<number, Buffer>();
    const ordered = Array.from({ length: handle.parts }, (_, part) => parts.get(part) ?? Buffer.of());
    return Buffer.concat(ordered);
  }
}
