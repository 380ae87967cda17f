/** The bytes of TL: little-endian words and padded strings (https://core.telegram.org/mtproto/serialize). */

/** What can't be read or written; the message names the place, never the contents. */
export class TlError extends Error {
  override readonly name = 'TlError';
}

export class Reader {
  readonly data: Buffer;
  offset: number;

  constructor(data: Buffer, offset = 0) {
    this.data = data;
    this.offset = offset;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.data.length - this.offset;
  }

  raw(length: number): Buffer {
    if (length < 0 || length > this.left) throw new TlError('unexpected end of data');
    this.offset += length;
    return this.data.subarray(this.offset - length, this.offset);
  }

  uint(): number {
    return this.raw(4).readUInt32LE(0);
  }

  int(): number {
    return this.raw(4).readInt32LE(0);
  }

  long(): bigint {
    return this.raw(8).readBigInt64LE(0);
  }

  double(): number {
    return this.raw(8).readDoubleLE(0);
  }

  bytes(): Buffer {
    const first = this.raw(1).readUInt8(0);
    const head = first === 254 ? 4 : 1;
    const length = first === 254 ? this.raw(3).readUIntLE(0, 3) : first;
    const value = this.raw(length);
    const odd = (head + length) % 4;
    if (odd !== 0) this.raw(4 - odd);
    return value;
  }
}

export class Writer {
  private data: Buffer;
  private length = 0;

  constructor(size = 512) {
    this.data = Buffer.allocUnsafe(size);
  }

  /** What was written so far; not copied: the writer is done after this. */
  done(): Buffer {
    return this.data.subarray(0, this.length);
  }

  raw(bytes: Buffer): void {
    const at = this.take(bytes.length);
    bytes.copy(this.data, at);
  }

  uint(value: number): void {
    const at = this.take(4);
    this.data.writeUInt32LE(value >>> 0, at);
  }

  int(value: number): void {
    const at = this.take(4);
    this.data.writeInt32LE(value, at);
  }

  long(value: bigint): void {
    const at = this.take(8);
    this.data.writeBigInt64LE(BigInt.asIntN(64, value), at);
  }

  double(value: number): void {
    const at = this.take(8);
    this.data.writeDoubleLE(value, at);
  }

  bytes(value: Buffer): void {
    const head = value.length < 254 ? 1 : 4;
    const padding = (4 - ((head + value.length) % 4)) % 4;
    const at = this.take(head + value.length + padding);
    if (head === 1) this.data.writeUInt8(value.length, at);
    else this.data.writeUInt32LE(((value.length << 8) | 254) >>> 0, at);
    value.copy(this.data, at + head);
    this.data.fill(0, at + head + value.length, this.length);
  }

  private take(length: number): number {
    const at = this.length;
    this.length += length;
    if (this.length > this.data.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.length, this.data.length * 2));
      this.data.copy(grown, 0, 0, at);
      this.data = grown;
    }
    return at;
  }
}
