import { createCipheriv, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { TransportError } from './framing.js';
import { Transport } from './transport.js';

/** A client's side: its header, and how it frames. */
interface Client {
  readonly name: string;
  readonly header: Buffer;
  frame(payload: Buffer): Buffer;
  /** Turns the server's bytes into its payload. */
  open(bytes: Buffer): Buffer;
}

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

const abridged = (): Client => ({
  name: 'abridged',
  header: Buffer.from('ef', 'hex'),
  frame: (payload) => {
    const words = payload.length / 4;
    const head =
      words < 127 ? Buffer.from([words]) : Buffer.concat([Buffer.from([127]), word(words).subarray(0, 3)]);
    return Buffer.concat([head, payload]);
  },
  open: (bytes) => bytes.subarray(bytes[0] === 127 ? 4 : 1),
});

const intermediate = (padded: boolean): Client => ({
  name: padded ? 'padded intermediate' : 'intermediate',
  header: Buffer.from(padded ? 'dddddddd' : 'eeeeeeee', 'hex'),
  frame: (payload) => Buffer.concat([word(payload.length), payload]),
  open: (bytes) => bytes.subarray(4),
});

const full = (): Client => {
  let sent = 0;
  return {
    name: 'full',
    header: Buffer.alloc(0),
    frame: (payload) => {
      const head = Buffer.concat([word(payload.length + 12), word(sent), payload]);
      sent += 1;
      return Buffer.concat([head, word(crc32(head))]);
    },
    open: (bytes) => bytes.subarray(8, -4),
  };
};

/** https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation */
const obfuscated = (inner: Client): Client => {
  const init = randomBytes(64);
  init[0] = 1;
  init[4] = 1;
  inner.header.copy(init, 56);
  if (inner.header.length === 1) init.fill(inner.header, 56, 60);
  const reversed = Buffer.from(init.subarray(8, 56)).reverse();
  const encrypt = createCipheriv('aes-256-ctr', init.subarray(8, 40), init.subarray(40, 56));
  const decrypt = createCipheriv('aes-256-ctr', reversed.subarray(0, 32), reversed.subarray(32));
  const sealed = encrypt.update(init);
  const header = Buffer.concat([init.subarray(0, 56), sealed.subarray(56)]);
  return {
    name: `obfuscated ${inner.name}`,
    header,
    frame: (payload) => encrypt.update(inner.frame(payload)),
    open: (bytes) => inner.open(decrypt.update(bytes)),
  };
};

const clients = [
  full,
  abridged,
  () => intermediate(false),
  () => intermediate(true),
  () => obfuscated(abridged()),
  () => obfuscated(intermediate(false)),
  () => obfuscated(intermediate(true)),
];

describe('transports', () => {
  for (const make of clients)
    it(`O2 ${make().name} is told from its first bytes, however the bytes are cut`, () => {
      const packets = fc.array(
        fc.integer({ min: 6, max: 300 }).map((words) => randomBytes(words * 4)),
        { minLength: 1, maxLength: 4 },
      );
      fc.assert(
        fc.property(packets, fc.array(fc.integer({ min: 1, max: 400 })), (sent, cuts) => {
          const client = make();
          const transport = new Transport();
          let bytes = Buffer.concat([client.header, ...sent.map((packet) => client.frame(packet))]);
          const received: Buffer[] = [];
          for (const cut of [...cuts, bytes.length]) {
            if (bytes.length > 0) received.push(...transport.feed(bytes.subarray(0, cut)));
            bytes = bytes.subarray(cut);
          }
          expect(received.map((packet) => packet.toString('hex'))).to.deep.equal(
            sent.map((packet) => packet.toString('hex')),
          );
          expect(transport.name).to.equal(client.name);
          const answer = randomBytes(600);
          expect(client.open(transport.frame(answer)).subarray(0, 600).equals(answer)).to.equal(true);
        }),
        { numRuns: 30 },
      );
    });

  it('O2 a wrong CRC, a wrong number, HTTP and a giant packet are refused', () => {
    const bad = full().frame(randomBytes(40));
    bad.writeUInt8(bad.readUInt8(20) ^ 1, 20);
    expect(() => new Transport().feed(bad)).to.throw(TransportError, 'CRC');
    const twice = full().frame(randomBytes(40));
    expect(() => new Transport().feed(Buffer.concat([twice, twice]))).to.throw(TransportError, 'order');
    expect(() => new Transport().feed(Buffer.from('GET / HTTP/1.1\r\n'))).to.throw(TransportError, 'HTTP');
    expect(() => new Transport().feed(Buffer.from('eeeeeeeeffffff7f', 'hex'))).to.throw(
      TransportError,
      'bytes',
    );
  });

  it('O2 the quick-ack bit is no part of the length', () => {
    const transport = new Transport();
    const payload = randomBytes(40);
    expect(
      transport.feed(Buffer.concat([Buffer.from('eeeeeeee', 'hex'), word(40 | 0x80000000), payload])),
    ).to.deep.equal([payload]);
  });
});
