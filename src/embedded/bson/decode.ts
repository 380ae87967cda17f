import { BSONRegExp, Binary, Int32, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { Other, type Doc, type Value } from './value.js';

/** MongoDB's limit on nesting; it also keeps the recursion off the stack's end. */
const maxDepth = 100;

/**
 * Reads one document at `start`. Values share the buffer's memory: give a buffer that nobody overwrites.
 * @throws CommandError 22 for bytes that are no BSON, 9 for decimals, which nothing here compares or adds as MongoDB does, 15
 */
export function decode(bytes: Buffer, start = 0): Doc {
  try {
    const reader = new Reader(bytes, start);
    return reader.document(0);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(22, 'Invalid BSON');
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  document(depth: number): Doc {
    const doc: Doc = new Map();
    this.#elements(depth, (name, value) => doc.set(name, value));
    return doc;
  }

  #array(depth: number): Value[] {
    const list: Value[] = [];
    this.#elements(depth, (_, value) => list.push(value));
    return list;
  }

  #elements(depth: number, take: (name: string, value: Value) => void): void {
    if (depth > maxDepth) throw new CommandError(15, 'The document is nested too deeply');
    const end = this.#at + this.#bytes.readInt32LE(this.#at) - 1;
    if (end >= this.#bytes.length || end < this.#at + 4) throw new CommandError(22, 'Invalid BSON length');
    this.#at += 4;
    while (this.#at < end) {
      const type = this.#bytes.readUInt8(this.#at++);
      const name = this.#cstring();
      take(name, this.#value(type, depth));
    }
    if (this.#at !== end || this.#bytes[end] !== 0) throw new CommandError(22, 'Invalid BSON end');
    this.#at = end + 1;
  }

  #value(type: number, depth: number): Value {
    switch (type) {
      case 0x02:
        return this.#string();
      case 0x03:
        return this.document(depth + 1);
      case 0x04:
        return this.#array(depth + 1);
      case 0x08:
        return this.#take(1)[0] === 1;
      case 0x0a:
        return null;
      case 0x01:
      case 0x09:
      case 0x10:
      case 0x12:
      case 0x11:
        return this.#fixed(type);
      case 0x07:
        return new ObjectId(this.#take(12));
      default:
        return this.#rare(type);
    }
  }

  #fixed(type: 0x01 | 0x09 | 0x10 | 0x11 | 0x12): Value {
    const at = this.#at;
    this.#at += type === 0x10 ? 4 : 8;
    switch (type) {
      case 0x01:
        return this.#bytes.readDoubleLE(at);
      case 0x10:
        return new Int32(this.#bytes.readInt32LE(at));
      case 0x12:
        return this.#bytes.readBigInt64LE(at);
      case 0x09:
        return new Date(Number(this.#bytes.readBigInt64LE(at)));
      case 0x11:
        return new Timestamp(this.#bytes.readBigUInt64LE(at));
    }
  }

  #rare(type: number): Value {
    switch (type) {
      case 0x05:
        return this.#binary();
      case 0x0b:
        return new BSONRegExp(this.#cstring(), this.#cstring());
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      case 0x06:
        return new Other(type, Buffer.alloc(0));
      case 0x0c:
      case 0x0d:
      case 0x0e:
      case 0x0f:
        return new Other(type, this.#take(this.#sizeOf(type)));
      case 0x13:
        throw new CommandError(9, 'Decimals are not supported by this store');
      default:
        throw new CommandError(22, `Unknown BSON type ${type}`);
    }
  }

  #sizeOf(type: 0x0c | 0x0d | 0x0e | 0x0f): number {
    const length = this.#bytes.readInt32LE(this.#at);
    return type === 0x0f ? length : type === 0x0c ? length + 16 : length + 4;
  }

  #binary(): Binary {
    const length = this.#bytes.readInt32LE(this.#at);
    const subtype = this.#bytes.readUInt8(this.#at + 4);
    this.#at += 5;
    return new Binary(this.#take(length), subtype);
  }

  #string(): string {
    const length = this.#bytes.readInt32LE(this.#at);
    this.#at += 4;
    const bytes = this.#take(length);
    if (bytes[length - 1] !== 0) throw new CommandError(22, 'Invalid BSON string');
    return bytes.toString('utf8', 0, length - 1);
  }

  #cstring(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw new CommandError(22, 'Invalid BSON name');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new CommandError(22, 'Invalid BSON length');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
