import { createHash } from 'node:crypto';
import { BSONRegExp, Binary, Timestamp, type ObjectId } from 'bson';
import { decode } from '../bson/decode.js';
import { Other, Stored, numberOf, rank, rankOf, type Value } from '../bson/value.js';

/**
 * Values as bytes whose order is BSON's order: a type byte, then a body that no other body is a prefix of.
 * So a compound key is a plain concatenation, and a descending field is its bytes turned over.
 */
export class KeyWriter {
  #bytes = Buffer.allocUnsafe(256);
  #at = 0;

  /** The bytes so far, in fresh memory. */
  done(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at));
  }

  field(value: Value | undefined, direction: 1 | -1): this {
    const start = this.#at;
    this.value(value ?? null);
    if (direction === -1) invert(this.#bytes, start, this.#at);
    return this;
  }

  value(value: Value): void {
    const place = rankOf(value);
    this.#byte(place);
    switch (place) {
      case rank.number:
        this.#number(value);
        break;
      case rank.string:
        this.#text(value as string);
        break;
      case rank.boolean:
        this.#byte(value === true ? 1 : 0);
        break;
      case rank.objectId:
        this.#copy((value as ObjectId).id);
        break;
      case rank.date:
        this.#long(BigInt((value as Date).getTime()));
        break;
      case rank.object:
      case rank.array:
        this.#nested(value);
        break;
      default:
        // Null, undefined, MinKey and MaxKey are their type byte.
        this.#rare(value);
    }
  }

  /** Eight bytes of the nearest double, sign turned so that bytes order it, then what rounding took from a 64-bit integer. */
  #number(value: Value): void {
    const double = numberOf(value) ?? 0;
    const rest = typeof value === 'bigint' ? Number(value - BigInt(double)) : 0;
    this.#room(10);
    const at = this.#at;
    if (Number.isNaN(double)) this.#bytes.fill(0, at, at + 8);
    else {
      this.#bytes.writeDoubleBE(double === 0 ? 0 : double, at);
      if (double < 0) invert(this.#bytes, at, at + 8);
      else this.#bytes[at] = (this.#bytes[at] ?? 0) | 0x80;
    }
    this.#bytes.writeUInt16BE(rest + 0x8000, at + 8);
    this.#at += 10;
  }

  /** Ends with 0; a 0 or 1 inside is written as 1 and a second byte, which keeps the order. */
  #text(text: string): void {
    this.#room(text.length * 6 + 1);
    const start = this.#at;
    const end = start + this.#bytes.write(text, start);
    this.#at = end;
    for (let i = start; i < end; i++) {
      if ((this.#bytes[i] ?? 2) > 1) continue;
      this.#escaped(Buffer.from(this.#bytes.subarray(start, end)), start);
      break;
    }
    this.#byte(0);
  }

  #escaped(bytes: Uint8Array, start: number): void {
    this.#at = start;
    for (const byte of bytes) {
      if (byte <= 1) this.#byte(1);
      this.#byte(byte <= 1 ? byte + 1 : byte);
    }
  }

  #nested(value: Value): void {
    if (Array.isArray(value)) for (const element of value) this.value(element);
    else if (value instanceof Map || value instanceof Stored) {
      for (const [name, field] of value instanceof Map ? value : decode(value.bytes)) {
        this.#byte(rankOf(field));
        this.#text(name);
        this.value(field);
      }
    }
    this.#byte(0);
  }

  #rare(value: Value): void {
    if (value instanceof Binary) {
      const bytes = value.value();
      this.#int(bytes.length);
      this.#byte(value.sub_type);
      this.#copy(bytes);
    } else if (value instanceof Timestamp) {
      this.#int(value.t);
      this.#int(value.i);
    } else if (value instanceof BSONRegExp) {
      this.#text(value.pattern);
      this.#text(value.options);
    } else if (value instanceof Other) {
      this.#byte(value.type);
      this.#int(value.bytes.length);
      this.#copy(value.bytes);
    }
  }

  #int(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeUInt32BE(value >>> 0, this.#at);
  }

  #long(value: bigint): void {
    this.#room(8);
    this.#at = this.#bytes.writeBigUInt64BE(value + (1n << 63n), this.#at);
  }

  #byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  #copy(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

function invert(bytes: Buffer, start: number, end: number): void {
  for (let i = start; i < end; i++) bytes[i] = ~(bytes[i] ?? 0) & 0xff;
}

/** LMDB keys end at 1,978 bytes; the rest is for the index number, the hash and the record number. */
export const maxKeyBytes = 1900;

/** A key that fits: a longer one is cut and told apart by a hash of the whole, which keeps unique keys exact. */
export function fitted(key: Buffer): { key: Buffer; cut: boolean } {
  if (key.length <= maxKeyBytes) return { key, cut: false };
  const hash = createHash('sha256').update(key).digest().subarray(0, 16);
  return { key: Buffer.concat([key.subarray(0, maxKeyBytes), hash]), cut: true };
}

/** The smallest bytes above everything that starts with `prefix`. */
export function after(prefix: Buffer): Buffer {
  for (let end = prefix.length; end > 0; end--) {
    const last = prefix[end - 1] ?? 0xff;
    if (last < 0xff) return Buffer.concat([prefix.subarray(0, end - 1), Buffer.from([last + 1])]);
  }
  return Buffer.alloc(maxKeyBytes, 0xff);
}
