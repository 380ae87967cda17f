/** TL objects of layer 223 to bytes and back; also reads what Telegram sends from older layers. */

import type { mtp, tl } from '@mtcute/tl';
import { __tlReaderMap } from '@mtcute/tl/binary/reader.js';
import { __tlWriterMap } from '@mtcute/tl/binary/writer.js';
import { __tlReaderMapCompat } from '@mtcute/tl/compat/reader.js';
import { TlBinaryReader, TlBinaryWriter, type TlReaderMap } from '@mtcute/tl-runtime';

/** The layer that we speak; stored beside raw TL bytes. */
export const LAYER = 223;

/** Bytes of an object or method, constructor id first. Throws on a missing field. */
export function writeTl(object: tl.TlObject | tl.RpcMethod | mtp.TlObject): Uint8Array {
  return TlBinaryWriter.serializeObject(__tlWriterMap, object);
}

/** The object at the start of these bytes; bytes inside it are views into them. Throws on an unknown constructor. */
export function readTl(bytes: Uint8Array): unknown {
  return TlBinaryReader.deserializeObject(READERS, bytes);
}

/** Like readTl, with the number of bytes that the object takes: what follows is padding. */
export function readTlPrefix(bytes: Uint8Array): { readonly object: unknown; readonly length: number } {
  const reader = new TlBinaryReader(READERS, bytes);
  const object = reader.object();
  return { object, length: reader.pos };
}

/** The result of a method: a few answer bare vectors, which only the method's own reader can tell. */
export function readResult(method: string, bytes: Uint8Array): unknown {
  const read = __tlReaderMap._results[method];
  return read === undefined ? readTl(bytes) : read(new TlBinaryReader(READERS, bytes));
}

// Telegram occasionally sends constructors of older layers (updates from big channels). They are named `message_layer216`
// in the data package; here they get today's name, and fields that did not exist yet are absent.
const READERS: TlReaderMap = Object.create(null) as TlReaderMap;
for (const [id, read] of Object.entries(__tlReaderMapCompat)) {
  READERS[Number(id)] = (reader: unknown) => withoutLayer(read(reader));
}
Object.assign(READERS, __tlReaderMap);

function withoutLayer(object: unknown): unknown {
  const named = object as { _: string };
  named._ = named._.replace(/_layer\d+$/, '');
  return named;
}
