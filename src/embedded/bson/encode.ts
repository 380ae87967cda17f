import { BSONRegExp, Binary, Int32, MinKey, ObjectId, Timestamp, type MaxKey } from 'bson';
import { CommandError } from '../errors.js';
import { Other, Stored, type Doc, type Value } from './value.js';

/** MongoDB's limit on a stored document, in bytes. */
export const maxDocumentBytes = 16 * 1024 * 1024;

/**
 * A document's BSON bytes, in fresh memory.
 * @throws CommandError 2 for a null byte in a field name
 */
export function encode(doc: Doc): Buffer {
  const writer = new Writer();
  writer.document(doc);
  return writer.done();
}

class Writer {
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;

  done(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  document(doc: Doc): void {
    const start = this.#open();
    for (const [name, value] of doc) this.#element(name, value);
    this.#close(start);
  }

  #array(list: Value[]): void {
    const start = this.#open();
    for (let i = 0; i < list.length; i++) this.#element(String(i), list[i] ?? null);
    this.#close(start);
  }

  #open(): number {
    const start = this.#at;
    this.#room(4);
    this.#at += 4;
    return start;
  }

  #close(start: number): void {
    this.#byte(0);
    this.#bytes.writeInt32LE(this.#at - start, start);
  }

  #element(name: string, value: Value): void {
    const at = this.#at;
    this.#byte(0);
    this.#cstring(name);
    const type = this.#value(value);
    this.#bytes[at] = type;
  }

  #value(value: Value): number {
    switch (typeof value) {
      case 'string':
        this.#string(value);
        return 0x02;
      case 'number':
        this.#room(8);
        this.#at = this.#bytes.writeDoubleLE(value, this.#at);
        return 0x01;
      case 'bigint':
        this.#long(value);
        return 0x12;
      case 'boolean':
        this.#byte(value ? 1 : 0);
        return 0x08;
      default:
        return this.#object(value);
    }
  }

  #object(value: Exclude<Value, string | number | bigint | boolean>): number {
    if (value === null) return 0x0a;
    if (value instanceof Int32) {
      this.#room(4);
      this.#at = this.#bytes.writeInt32LE(value.value, this.#at);
      return 0x10;
    }
    if (value instanceof Map) {
      this.document(value);
      return 0x03;
    }
    if (value instanceof Stored) {
      this.#copy(value.bytes);
      return 0x03;
    }
    if (Array.isArray(value)) {
      this.#array(value);
      return 0x04;
    }
    if (value instanceof Date) {
      this.#long(BigInt(value.getTime()));
      return 0x09;
    }
    if (value instanceof ObjectId) {
      this.#copy(value.id);
      return 0x07;
    }
    return this.#rare(value);
  }

  #rare(value: Binary | Timestamp | BSONRegExp | MinKey | MaxKey | Other): number {
    if (value instanceof Binary) {
      const bytes = value.value();
      this.#int(bytes.length);
      this.#byte(value.sub_type);
      this.#copy(bytes);
      return 0x05;
    }
    if (value instanceof Timestamp) {
      this.#int(value.i | 0);
      this.#int(value.t | 0);
      return 0x11;
    }
    if (value instanceof BSONRegExp) {
      this.#cstring(value.pattern);
      this.#cstring(value.options);
      return 0x0b;
    }
    if (value instanceof Other) {
      this.#copy(value.bytes);
      return value.type;
    }
    return value instanceof MinKey ? 0xff : 0x7f;
  }

  #string(text: string): void {
    const start = this.#open();
    this.#utf8(text);
    this.#byte(0);
    this.#bytes.writeInt32LE(this.#at - start - 4, start);
  }

  #cstring(text: string): void {
    if (text.includes('\0')) throw new CommandError(2, 'A name or pattern must not contain a null byte');
    this.#utf8(text);
    this.#byte(0);
  }

  #utf8(text: string): void {
    this.#room(text.length * 3);
    this.#at += this.#bytes.write(text, this.#at);
  }

  #int(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeInt32LE(value, this.#at);
  }

  #long(value: bigint): void {
    this.#room(8);
    this.#at = this.#bytes.writeBigInt64LE(BigInt.asIntN(64, value), this.#at);
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
