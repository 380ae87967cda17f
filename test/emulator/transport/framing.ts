import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A packet that no client of ours is allowed to make us hold. */
const PACKET_MAX = 16 * 1024 * 1024;

/** What the bytes can't be; the connection closes on it. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** One transport of https://core.telegram.org/mtproto/mtproto-transports, its header already taken off. */
export interface Framing {
  readonly name: string;
  /** Length of the first packet and the bytes before and after it; undefined while its head is not whole. */
  head(data: Buffer): { readonly start: number; readonly length: number; readonly end: number } | undefined;
  /** Checks a whole frame; throws TransportError. */
  check?(frame: Buffer): void;
  frame(payload: Buffer): Buffer;
}

function sized(start: number, length: number, tail = 0): { start: number; length: number; end: number } {
  if (length < 4 || length > PACKET_MAX) throw new TransportError(`a packet of ${length} bytes`);
  return { start, length, end: start + length + tail };
}

export function abridged(): Framing {
  return {
    name: 'abridged',
    head: (data) => {
      if (data.length < 4) return undefined;
      // The high bit asks for a quick acknowledgement, which a server may leave out.
      const first = data.readUInt8(0) & 0x7f;
      return first === 0x7f ? sized(4, data.readUIntLE(1, 3) * 4) : sized(1, first * 4);
    },
    frame: (payload) => {
      const words = payload.length / 4;
      const head = Buffer.alloc(words < 0x7f ? 1 : 4, 0x7f);
      if (words < 0x7f) head.writeUInt8(words, 0);
      else head.writeUIntLE(words, 1, 3);
      return Buffer.concat([head, payload]);
    },
  };
}

export function intermediate(padded: boolean): Framing {
  return {
    name: padded ? 'padded intermediate' : 'intermediate',
    head: (data) => (data.length < 4 ? undefined : sized(4, data.readUInt32LE(0) & 0x7fffffff)),
    frame: (payload) => {
      // Never a multiple of 16, which the client could not tell from more cipher text.
      const padding =
        padded && payload.length > 4 ? randomBytes(Math.floor(Math.random() * 4) * 4) : Buffer.alloc(0);
      const head = Buffer.alloc(4);
      head.writeUInt32LE(payload.length + padding.length, 0);
      return Buffer.concat([head, payload, padding]);
    },
  };
}

/** Length, number and CRC32 around each packet; both sides count from 0. */
export function full(): Framing {
  let received = 0;
  let sent = 0;
  return {
    name: 'full',
    head: (data) => {
      if (data.length < 4) return undefined;
      const { length } = sized(0, data.readUInt32LE(0));
      return sized(8, length - 12, 4);
    },
    check: (frame) => {
      const end = frame.length - 4;
      if (crc32(frame.subarray(0, end)) !== frame.readUInt32LE(end)) throw new TransportError('a wrong CRC');
      if (frame.readUInt32LE(4) !== received) throw new TransportError('a packet out of order');
      received += 1;
    },
    frame: (payload) => {
      const packet = Buffer.alloc(payload.length + 12);
      packet.writeUInt32LE(packet.length, 0);
      packet.writeUInt32LE(sent, 4);
      payload.copy(packet, 8);
      packet.writeUInt32LE(crc32(packet.subarray(0, packet.length - 4)), packet.length - 4);
      sent += 1;
      return packet;
    },
  };
}
