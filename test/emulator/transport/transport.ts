import { createDecipheriv, type Decipher } from 'node:crypto';
import { abridged, full, intermediate, TransportError, type Framing } from './framing.js';

const HEADER = 64;
const INTERMEDIATE = 0xeeeeeeee;
const PADDED = 0xdddddddd;

/** The bytes of one socket as packets; the transport is told from the client's first bytes. */
export class Transport {
  private framing: Framing | undefined;
  private decrypt: Decipher | undefined;
  private encrypt: Decipher | undefined;
  private waiting: Buffer = Buffer.alloc(0);

  /** The transport's name, once known. */
  get name(): string | undefined {
    return this.framing && `${this.decrypt === undefined ? '' : 'obfuscated '}${this.framing.name}`;
  }

  /** Takes what the socket received; returns the packets that are whole. Errors: TransportError. */
  feed(chunk: Buffer): Buffer[] {
    const clear = this.decrypt === undefined ? chunk : this.decrypt.update(chunk);
    this.waiting = this.waiting.length === 0 ? clear : Buffer.concat([this.waiting, clear]);
    this.framing ??= this.detect();
    const packets: Buffer[] = [];
    for (
      let head = this.framing?.head(this.waiting);
      head !== undefined;
      head = this.framing?.head(this.waiting)
    ) {
      if (this.waiting.length < head.end) break;
      this.framing?.check?.(this.waiting.subarray(0, head.end));
      packets.push(this.waiting.subarray(head.start, head.start + head.length));
      this.waiting = this.waiting.subarray(head.end);
    }
    return packets;
  }

  /** The bytes that carry one packet to the client. */
  frame(payload: Buffer): Buffer {
    if (this.framing === undefined) throw new TransportError('nothing was received yet');
    const framed = this.framing.frame(payload);
    return this.encrypt === undefined ? framed : this.encrypt.update(framed);
  }

  private detect(): Framing | undefined {
    const { waiting } = this;
    if (waiting[0] === 0xef) return this.skip(1, abridged());
    if (waiting.length < 8) return undefined;
    const first = waiting.readUInt32LE(0);
    if (first === INTERMEDIATE) return this.skip(4, intermediate(false));
    if (first === PADDED) return this.skip(4, intermediate(true));
    if (/^(?:HEAD|POST|GET |OPTI)/.test(waiting.toString('latin1', 0, 4)))
      throw new TransportError('HTTP is not spoken here');
    if (waiting.readUInt32LE(4) === 0) return full();
    return waiting.length < HEADER ? undefined : this.obfuscated();
  }

  /** https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation, without a proxy's secret. */
  private obfuscated(): Framing {
    const init = Buffer.from(this.waiting.subarray(0, HEADER));
    const reversed = Buffer.from(init.subarray(8, 56)).reverse();
    this.decrypt = createDecipheriv('aes-256-ctr', init.subarray(8, 40), init.subarray(40, 56));
    // CTR is its own inverse.
    this.encrypt = createDecipheriv('aes-256-ctr', reversed.subarray(0, 32), reversed.subarray(32, 48));
    const tag = this.decrypt.update(init).readUInt32LE(56);
    this.waiting = this.decrypt.update(this.waiting.subarray(HEADER));
    if (tag === 0xefefefef) return abridged();
    if (tag === INTERMEDIATE) return intermediate(false);
    if (tag === PADDED) return intermediate(true);
    throw new TransportError('an unknown transport');
  }

  private skip(length: number, framing: Framing): Framing {
    this.waiting = this.waiting.subarray(length);
    return framing;
  }
}
