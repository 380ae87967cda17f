import { RpcError, type Tl } from '../types.js';
import { imageSize } from './image-size.js';

/** Content and facts of a file at Telegram; the same for everybody (hashes and references are per account). */
export interface StoredFile {
  readonly id: bigint;
  readonly kind: 'photo' | 'document';
  /** The bytes, in order; nothing copies them together. */
  readonly chunks: readonly Buffer[];
  readonly size: number;
  readonly mimeType: string;
  /** TL documentAttribute…; empty for photos. */
  readonly attributes: Tl[];
  /** Pixels, photos only. */
  readonly width: number;
  readonly height: number;
  /** Seconds. */
  readonly date: number;
  readonly dc: number;
  /** A preview that the uploader gave. */
  readonly thumb?: Buffer;
  /** File references older than this generation answer FILE_REFERENCE_EXPIRED. */
  generation: number;
}

export interface DocumentFacts {
  mimeType: string;
  attributes: Tl[];
  thumb?: Buffer;
}

const PARTS_MAX = 8000;
const PART_BYTES_MAX = 524_288;

/** Uploaded parts, and the files that messages carry. Everything lives in memory. */
export class Files {
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  readonly #stored = new Map<bigint, StoredFile>();
  readonly #now: () => number;
  readonly #dc: () => number;
  #next = 5_000_000_000_000_000_001n;

  /** `now` in seconds; `dc` says where new files live. */
  constructor(now: () => number, dc: () => number) {
    this.#now = now;
    this.#dc = dc;
  }

  /** upload.saveFilePart and saveBigFilePart. */
  savePart(owner: number, fileId: bigint, part: number, bytes: Buffer): void {
    if (part < 0 || part >= PARTS_MAX) throw new RpcError(400, 'FILE_PART_INVALID');
    if (bytes.length === 0) throw new RpcError(400, 'FILE_PART_EMPTY');
    if (bytes.length > PART_BYTES_MAX) throw new RpcError(400, 'FILE_PART_TOO_BIG');
    const key = `${owner}:${fileId}`;
    const parts = this.#uploads.get(key) ?? new Map<number, Buffer>();
    parts.set(part, Buffer.from(bytes));
    this.#uploads.set(key, parts);
  }

  /** The parts of a finished upload, in order. Throws FILE_PARTS_INVALID or FILE_PART_X_MISSING. */
  uploaded(owner: number, fileId: bigint, count: number): Buffer[] {
    if (count < 1 || count > PARTS_MAX) throw new RpcError(400, 'FILE_PARTS_INVALID');
    const parts = this.#uploads.get(`${owner}:${fileId}`);
    const size = parts?.get(0)?.length ?? 0;
    return Array.from({ length: count }, (_, index) => {
      const part = parts?.get(index);
      if (!part) throw new RpcError(400, `FILE_PART_${index}_MISSING`);
      if (index < count - 1 && part.length !== size) throw new RpcError(400, 'FILE_PART_SIZE_CHANGED');
      return part;
    });
  }

  /** Makes a photo of bytes; pixels are read from JPEG and PNG headers, else 800 × 600. */
  photo(chunks: Buffer[]): StoredFile {
    const { width, height } = imageSize(chunks[0] ?? Buffer.alloc(0));
    return this.#store({ kind: 'photo', chunks, mimeType: 'image/jpeg', attributes: [], width, height });
  }

  document(chunks: Buffer[], facts: DocumentFacts): StoredFile {
    return this.#store({ kind: 'document', chunks, width: 0, height: 0, ...facts });
  }

  /** Any file by id; undefined when there is none. */
  get(id: bigint): StoredFile | undefined {
    return this.#stored.get(id);
  }

  /** From now on references handed out earlier are expired (of one file, or of all). */
  expireReferences(id?: bigint): void {
    for (const file of this.#stored.values()) if (id === undefined || file.id === id) file.generation += 1;
  }

  #store(facts: Omit<StoredFile, 'id' | 'size' | 'date' | 'dc' | 'generation'>): StoredFile {
    const size = facts.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const file: StoredFile = {
      ...facts,
      id: this.#next++,
      size,
      date: this.#now(),
      dc: this.#dc(),
      generation: 0,
    };
    this.#stored.set(file.id, file);
    return file;
  }
}

/** A slice of a file; short or empty at its end. */
export function readFile(file: { chunks: readonly Buffer[] }, offset: number, limit: number): Buffer {
  const pieces: Buffer[] = [];
  let start = 0;
  for (const chunk of file.chunks) {
    const from = Math.max(offset - start, 0);
    const to = Math.min(offset + limit - start, chunk.length);
    if (to > from) pieces.push(chunk.subarray(from, to));
    start += chunk.length;
    if (start >= offset + limit) break;
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}
