import { createPublicKey, constants, publicEncrypt, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { IGE } from 'telegram/crypto/IGE.js';
import { DH_PRIME, newExchange } from '../crypto/dh.js';
import { agree } from '../crypto/dh.js';
import { sha1, sha256 } from '../crypto/hash.js';
import { igeDecrypt, igeEncrypt } from '../crypto/ige.js';
import { fromBig, toBig } from '../crypto/numbers.js';
import { RsaKey } from '../crypto/rsa.js';
import { TEST_KEY } from '../crypto/test-key.js';
import { Reader } from '../schema/bytes.js';
import { mtproto } from '../schema/mtproto.js';
import type { Tl } from '../types.js';
import { Handshake, HandshakeError } from './handshake.js';
import { serviceBytes } from './probe.js';

const rsa = new RsaKey(TEST_KEY);
const open = createPublicKey(rsa.publicKey.pem);
const encrypt = (block: Buffer): Buffer =>
  publicEncrypt({ key: open, padding: constants.RSA_NO_PADDING }, block);

/** RSA_PAD; a block above the modulus is tried again. */
const rsaPad = (data: Buffer): Buffer => {
  for (;;) {
    const padded = Buffer.concat([data, randomBytes(192 - data.length)]);
    const key = randomBytes(32);
    const reversed = Buffer.from(padded).reverse();
    const aes = igeEncrypt(Buffer.concat([reversed, sha256(key, padded)]), key, Buffer.alloc(32));
    const hash = sha256(aes);
    const block = Buffer.concat([Buffer.from(key.map((byte, at) => byte ^ hash[at]!)), aes]);
    if (fromBig(block) < rsa.publicKey.n) return encrypt(block);
  }
};

const rsaSha1 = (data: Buffer): Buffer =>
  encrypt(Buffer.concat([Buffer.alloc(1), sha1(data), data, randomBytes(235 - data.length)]));

/** A client as far as the server sees one. */
class Client {
  readonly nonce = randomBytes(16);
  readonly newNonce = randomBytes(32);
  readonly kept: Buffer[] = [];
  readonly handshake: Handshake;
  private serverNonce = Buffer.alloc(16);
  private pq = 0n;
  gA = 0n;

  constructor(dc = 2) {
    const keep = (key: Buffer): boolean => this.kept.push(key) > 0;
    this.handshake = new Handshake({ rsa, dc, now: () => 1_800_000_000_000, keep });
  }

  say(object: Tl): Tl {
    return mtproto.read(new Reader(this.handshake.answer(serviceBytes(object)) ?? Buffer.alloc(0)));
  }

  start(): void {
    const answer = this.say({ _: 'req_pq_multi', nonce: this.nonce });
    this.serverNonce = Buffer.from(answer['server_nonce'] as Buffer);
    this.pq = fromBig(answer['pq'] as Buffer);
    expect(answer['server_public_key_fingerprints']).to.deep.equal([rsa.publicKey.fingerprint]);
  }

  offer(name = 'p_q_inner_data', extra: Record<string, number> = {}, pad = rsaPad): Tl {
    let p = 65537n;
    while (this.pq % p !== 0n) p += 2n;
    const factors = { p: toBig(p), q: toBig(this.pq / p) };
    const inner = {
      _: name,
      pq: toBig(this.pq),
      ...factors,
      ...this.nonces,
      new_nonce: this.newNonce,
      ...extra,
    };
    const fingerprint = { public_key_fingerprint: rsa.publicKey.fingerprint };
    const sealed = { encrypted_data: pad(serviceBytes(inner)) };
    return this.say({ _: 'req_DH_params', ...this.nonces, ...factors, ...fingerprint, ...sealed });
  }

  accept(answer: Tl): void {
    const plain = igeDecrypt(answer['encrypted_answer'] as Buffer, ...this.aes);
    const from = new Reader(plain, 20);
    const inner = mtproto.read(from);
    expect(sha1(plain.subarray(20, from.offset)).equals(plain.subarray(0, 20))).to.equal(true);
    expect(inner['server_time']).to.equal(1_800_000_000);
    this.gA = fromBig(inner['g_a'] as Buffer);
  }

  finish(gB: Buffer): Tl {
    const inner = serviceBytes({ _: 'client_DH_inner_data', ...this.nonces, retry_id: 0n, g_b: gB });
    const hashed = Buffer.concat([sha1(inner), inner]);
    const padded = Buffer.concat([hashed, randomBytes((16 - (hashed.length % 16)) % 16)]);
    const sealed = { encrypted_data: igeEncrypt(padded, ...this.aes) };
    return this.say({ _: 'set_client_DH_params', ...this.nonces, ...sealed });
  }

  /** `new_nonce_hashN` of the key that both derived. */
  hash(key: Buffer, number: number): Buffer {
    return sha1(this.newNonce, Buffer.from([number]), sha1(key).subarray(0, 8)).subarray(4, 20);
  }

  get nonces(): { nonce: Buffer; server_nonce: Buffer } {
    return { nonce: this.nonce, server_nonce: this.serverNonce };
  }

  private get aes(): [Buffer, Buffer] {
    const one = sha1(this.newNonce, this.serverNonce);
    const two = sha1(this.serverNonce, this.newNonce);
    const iv = Buffer.concat([
      two.subarray(12),
      sha1(this.newNonce, this.newNonce),
      this.newNonce.subarray(0, 4),
    ]);
    return [Buffer.concat([one, two.subarray(0, 12)]), iv];
  }
}

describe('the handshake', () => {
  for (const pad of [rsaPad, rsaSha1])
    it(`O2 both sides agree on one key (${pad.name})`, () => {
      const client = new Client();
      client.start();
      client.accept(client.offer('p_q_inner_data_dc', { dc: 2 }, pad));
      const mine = newExchange();
      const verdict = client.finish(mine.public);
      const key = agree(mine.secret, client.gA)!;
      // One key in 256 begins with a zero byte and is made again.
      const ok = key[0] !== 0;
      expect(verdict._).to.equal(ok ? 'dh_gen_ok' : 'dh_gen_retry');
      expect(verdict[ok ? 'new_nonce_hash1' : 'new_nonce_hash2']).to.deep.equal(client.hash(key, ok ? 1 : 2));
      expect(client.kept).to.deep.equal(ok ? [key] : []);
    });

  it('O2 a key that begins with a zero byte is made again, a bad g_b fails', () => {
    const client = new Client();
    client.start();
    client.accept(client.offer());
    expect(client.finish(toBig(1n))._).to.equal('dh_gen_fail');
    expect(client.finish(DH_PRIME)._).to.equal('dh_gen_fail');
    let mine = newExchange();
    while (agree(mine.secret, client.gA)?.[0] !== 0) mine = newExchange();
    const retry = client.finish(mine.public);
    expect(retry).to.include({ _: 'dh_gen_retry' });
    expect(retry['new_nonce_hash2']).to.deep.equal(client.hash(agree(mine.secret, client.gA)!, 2));
    expect(client.kept).to.deep.equal([]);
    while (agree(mine.secret, client.gA)?.[0] === 0) mine = newExchange();
    expect(client.finish(mine.public)._).to.equal('dh_gen_ok');
  });

  it('O2 another DC, temporary keys and wrong proofs are refused in plain words', () => {
    const refused = (act: (client: Client) => unknown, words: string, code = -404): void => {
      const client = new Client();
      client.start();
      expect(() => act(client))
        .to.throw(HandshakeError, words)
        .with.property('code', code);
    };
    refused(
      (client) => client.offer('p_q_inner_data_dc', { dc: 4 }),
      'the client wants DC 4, this port is DC 2',
      -444,
    );
    refused((client) => client.offer('p_q_inner_data_temp', { expires_in: 60 }), 'temporary keys');
    refused((client) => client.offer('p_q_inner_data', {}, () => randomBytes(256).fill(0, 0, 1)), 'RSA_PAD');
    refused(
      (client) =>
        client.say({
          _: 'req_DH_params',
          ...client.nonces,
          nonce: randomBytes(16),
          p: toBig(3n),
          q: toBig(5n),
          public_key_fingerprint: 1n,
          encrypted_data: Buffer.alloc(0),
        }),
      'nonces',
    );
    refused((client) => client.finish(toBig(4n)), 'before req_DH_params');
    refused((client) => client.say({ _: 'ping', ping_id: 1n }), 'no part of a handshake');
  });

  it('O2 AES-IGE is that of a second implementation', () => {
    const [data, key, iv] = [randomBytes(4096), randomBytes(32), randomBytes(32)];
    const theirs = new IGE(key, iv).encryptIge(data);
    expect(igeEncrypt(data, key, iv).equals(theirs)).to.equal(true);
    expect(igeDecrypt(theirs, key, iv).equals(data)).to.equal(true);
  });
});
