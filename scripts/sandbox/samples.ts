/** Things to send, and how a place shows them. */

import { createCipheriv, createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { Attachment } from './control.js';

export type Sample = Attachment & { readonly base64: string };

const colours = { blue: [52, 101, 164], green: [78, 154, 6], red: [204, 0, 0] } as const;

/** A plain PNG of one colour. */
export function photo(colour: keyof typeof colours): Sample {
  return { kind: 'photo', base64: png(colours[colour], 64).toString('base64') };
}

/** A document of that many bytes, the same ones for the same name. */
export function document(name: string, size: number): Sample {
  const key = createHash('sha256').update(name).digest();
  const bytes = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
  return { kind: 'document', name, base64: bytes.toString('base64') };
}

/** Kind, size and hash, as places.ts reads them back. */
export function shown({ kind, base64 }: Sample): string {
  const bytes = Buffer.from(base64, 'base64');
  return `${kind} ${bytes.length} B #${createHash('sha256').update(bytes).digest('hex')}`;
}

function png(rgb: readonly number[], side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const row = Buffer.from([0, ...Array.from({ length: side }, () => rgb).flat()]);
  const rows = Buffer.concat(Array.from({ length: side }, () => row));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(content.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
