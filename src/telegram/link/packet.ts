/** Splits what one packet holds: containers, gzip, results of calls. Every item is handed on by itself. */

import { gunzipSync } from 'node:zlib';
import { asBuffer } from './cipher.js';

/** One message of the server. */
export interface Item {
  readonly msgId: bigint;
  /** Content-related: the server wants it acknowledged. */
  readonly acknowledge: boolean;
  readonly body: Buffer;
}

/** The answer to one call. */
export interface RpcResult {
  readonly requestId: bigint;
  readonly body: Buffer;
}

/** What an encrypted packet holds, after the salt. */
export interface Plaintext {
  readonly sessionId: Buffer;
  readonly item: Item;
}

/** Constructor ids (core.telegram.org/schema/mtproto). */
const MSG_CONTAINER = 0x73f1f8dc;
const GZIP_PACKED = 0x3072cfa1;
const RPC_RESULT = 0xf35c6d01;
const RPC_ERROR = 0x2144ca19;

/** What gzip may unfold to; a packet is at most 16 MiB, real answers are far smaller. */
const MAX_UNZIPPED_BYTES = 32 * 1024 * 1024;
const HEADER_BYTES = 32;

/** The header of a decrypted packet; undefined where the lengths contradict each other (security guidelines). */
export function readPlaintext(plain: Buffer): Plaintext | undefined {
  if (plain.length < HEADER_BYTES + 12) return undefined;
  const length = plain.readUInt32LE(28);
  const padding = plain.length - HEADER_BYTES - length;
  if (length % 4 !== 0 || padding < 12 || padding > 1024) return undefined;
  const body = plain.subarray(HEADER_BYTES, HEADER_BYTES + length);
  return {
    sessionId: plain.subarray(8, 16),
    item: itemOf(plain.readBigUInt64LE(16), plain.readUInt32LE(24), body),
  };
}

/**
 * Calls `take` for each message of an item, in order; containers are opened, gzip is not. A container whose lengths
 * don't add up yields what could be read and answers false.
 */
export function eachMessage(item: Item, take: (item: Item) => void): boolean {
  const { body } = item;
  if (body.length < 8 || body.readUInt32LE(0) !== MSG_CONTAINER) {
    take(item);
    return true;
  }
  const count = body.readUInt32LE(4);
  let at = 8;
  for (let i = 0; i < count; i++) {
    if (at + 16 > body.length) return false;
    const length = body.readUInt32LE(at + 12);
    const end = at + 16 + length;
    if (end > body.length) return false;
    take(itemOf(body.readBigUInt64LE(at), body.readUInt32LE(at + 8), body.subarray(at + 16, end)));
    at = end;
  }
  return true;
}

/** The body itself, or what its gzip_packed holds. Throws on broken or oversized data. */
export function unzipped(body: Buffer): Buffer {
  if (body.length < 8 || body.readUInt32LE(0) !== GZIP_PACKED) return body;
  return gunzipSync(tlBytes(body.subarray(4)), { maxOutputLength: MAX_UNZIPPED_BYTES });
}

/** The answer to a call, if the body is one. */
export function asRpcResult(body: Buffer): RpcResult | undefined {
  if (body.length < 16 || body.readUInt32LE(0) !== RPC_RESULT) return undefined;
  return { requestId: body.readBigUInt64LE(4), body: body.subarray(12) };
}

/** Telegram's refusal, if the (unzipped) result is one. */
export function asRpcError(body: Buffer): { readonly code: number; readonly text: string } | undefined {
  if (body.length < 12 || body.readUInt32LE(0) !== RPC_ERROR) return undefined;
  return { code: body.readInt32LE(4), text: asBuffer(tlBytes(body.subarray(8))).toString('utf8') };
}

function itemOf(msgId: bigint, seqNo: number, body: Buffer): Item {
  return { msgId, acknowledge: (seqNo & 1) === 1, body };
}

/** TL bytes: one length byte below 254, else 254 and three. */
function tlBytes(data: Buffer): Buffer {
  const first = data.readUInt8(0);
  return first < 254 ? data.subarray(1, 1 + first) : data.subarray(4, 4 + data.readUIntLE(1, 3));
}
