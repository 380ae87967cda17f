import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import type { SenderConnection } from '../../../src/telegram/link/gramjs.js';
import { agreeOnKey, type NewKey } from '../../../src/telegram/link/handshake.js';
import { rsaKeysOf } from '../../../src/telegram/link/rsa-keys.js';
import { RsaKey } from '../../emulator/crypto/rsa.js';
import { TEST_KEY } from '../../emulator/crypto/test-key.js';
import { Handshake, HandshakeError } from '../../emulator/mtproto/handshake.js';
import { Reader, Writer } from '../../emulator/schema/bytes.js';
import { mtproto } from '../../emulator/schema/mtproto.js';
import type { Tl } from '../../emulator/types.js';
import { fastClock } from './fast-clock.js';

/** The local Telegram's side of the handshake without a socket; `forge` may change each of its answers. */
class Desk implements SenderConnection {
  readonly keys: Buffer[] = [];
  readonly asked: Tl[] = [];
  readonly #rsa = new RsaKey(TEST_KEY);
  readonly #handshake = new Handshake({
    rsa: this.#rsa,
    dc: 2,
    now: () => Date.now(),
    keep: (key) => this.keys.push(key) > this.#refusals,
  });
  readonly #forge: (answer: Tl) => Tl;
  readonly #refusals: number;
  #answer: Buffer | undefined;

  constructor(forge: (answer: Tl) => Tl = (answer) => answer, refusals = 0) {
    this.#forge = forge;
    this.#refusals = refusals;
  }

  get pem(): string {
    return this.#rsa.publicKey.pem;
  }

  isConnected = () => true;
  connect = async () => undefined;
  disconnect = async () => undefined;

  async send(packet: Uint8Array): Promise<void> {
    const from = new Reader(Buffer.from(packet), 16);
    const body = from.raw(from.uint());
    this.asked.push(mtproto.read(new Reader(body)));
    const answer = this.#handshake.answer(body);
    const to = new Writer();
    mtproto.write(to, this.#forge(mtproto.read(new Reader(answer!))));
    const head = Buffer.alloc(20);
    head.writeBigUInt64LE(BigInt(Date.now()) << 22n, 8);
    head.writeUInt32LE(to.done().length, 16);
    this.#answer = Buffer.concat([head, to.done()]);
  }

  async recv(): Promise<Buffer> {
    return this.#answer!;
  }
}

const agree = (desk: Desk, dc?: number): Promise<NewKey> =>
  agreeOnKey(desk, {
    keys: rsaKeysOf({ kind: 'custom', host: '', port: 0, publicKeyPem: desk.pem }),
    clock: fastClock(1),
    ...(dc === undefined ? {} : { dc }),
  });

const refusal = (desk: Desk): Promise<unknown> => agree(desk).catch((error: unknown) => error);

describe('the handshake', () => {
  it('C1 both sides hold the same 256 bytes, whether or not the DC is named', async () => {
    for (const dc of [2, undefined]) {
      const desk = new Desk();
      const { authKey, salt, timeOffsetSeconds } = await agree(desk, dc);
      expect(desk.keys.map((key) => key.equals(authKey))).to.deep.equal([true]);
      expect(salt).to.have.length(8);
      expect(timeOffsetSeconds).to.be.within(-1, 1);
    }
  });

  it('another DC than the one that answers is refused by it', async () => {
    const error = await agree(new Desk(), 3).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'TELEGRAM_UNREACHABLE');
    expect(error).to.have.property('cause').that.is.instanceOf(HandshakeError);
  });

  it('C1 a key whose id exists already is made anew, with its hash as retry id', async () => {
    const desk = new Desk(undefined, 2);
    const { authKey } = await agree(desk);
    expect(desk.keys).to.have.length(3);
    expect(desk.keys[2]!.equals(authKey)).to.equal(true);
    expect(desk.asked.filter(({ _ }) => _ === 'set_client_DH_params')).to.have.length(3);
  });

  const forgeries: Readonly<Record<string, (answer: Tl) => Tl>> = {
    'the nonce of the first answer': (a) => (a._ === 'resPQ' ? { ...a, nonce: flipped(a['nonce']) } : a),
    'the nonce of the second answer': (a) =>
      a._ === 'server_DH_params_ok' ? { ...a, server_nonce: flipped(a['server_nonce']) } : a,
    'the encrypted answer, whose hash then is wrong': (a) =>
      a._ === 'server_DH_params_ok' ? { ...a, encrypted_answer: flipped(a['encrypted_answer']) } : a,
    'the proof of the new key': (a) =>
      a._ === 'dh_gen_ok' ? { ...a, new_nonce_hash1: flipped(a['new_nonce_hash1']) } : a,
    'the end': (a) =>
      a._ === 'dh_gen_ok' ? { ...a, _: 'resPQ', pq: Buffer.of(15), server_public_key_fingerprints: [] } : a,
  };
  for (const [what, forge] of Object.entries(forgeries))
    it(`who changes ${what} gets no key out of us`, async () => {
      expect(await refusal(new Desk(forge))).to.have.property('code', 'TELEGRAM_UNREACHABLE');
    });

  it('a server without a key that we trust gets nothing', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const foreign = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const keys = rsaKeysOf({ kind: 'custom', host: '', port: 0, publicKeyPem: foreign });
    const desk = new Desk();
    const error = await agreeOnKey(desk, { keys, clock: fastClock(1) }).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'TELEGRAM_UNREACHABLE');
    expect(desk.asked).to.have.length(1);
  });

  it('the published keys have the published fingerprints, and a PEM that is no RSA key is a configuration error', () => {
    expect(rsaKeysOf({ kind: 'production' }).map(({ fingerprint }) => fingerprint)).to.deep.equal([
      'd09d1d85de64fd85',
    ]);
    expect(rsaKeysOf({ kind: 'test' }).map(({ fingerprint }) => fingerprint)).to.deep.equal([
      'b25898df208d2603',
    ]);
    const wrong = { kind: 'custom', host: '', port: 0, publicKeyPem: 'no key' } as const;
    expect(() => rsaKeysOf(wrong))
      .to.throw()
      .with.property('code', 'CONFIG_INVALID');
  });
});

function flipped(bytes: unknown): Buffer {
  const copy = Buffer.from(bytes as Buffer);
  copy[0]! ^= 1;
  return copy;
}
