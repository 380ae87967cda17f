import { randomBytes } from 'node:crypto';
import { agree, DH_G, DH_PRIME, newExchange } from '../crypto/dh.js';
import { sha1 } from '../crypto/hash.js';
import { igeDecrypt, igeEncrypt } from '../crypto/ige.js';
import { fromBig, toBig } from '../crypto/numbers.js';
import type { RsaKey } from '../crypto/rsa.js';
import { Reader, Writer } from '../schema/bytes.js';
import { mtproto } from '../schema/mtproto.js';
import type { Tl } from '../types.js';

/** Why a handshake ends, in plain words, and the transport error that the client gets. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  readonly code: number;

  constructor(message: string, code = -404) {
    super(message);
    this.code = code;
  }
}

export interface HandshakeOptions {
  readonly rsa: RsaKey;
  /** The DC of the dialled port. */
  readonly dc: number;
  readonly now: () => number;
  /** Keeps the new key; false: its id exists already. */
  readonly keep: (key: Buffer, firstSalt: bigint) => boolean;
}

/** Small primes: clients factorise by trial, and a test wants to wait for none of it. */
const PRIMES = [65537n, 65539n, 65543n, 65551n, 65557n, 65563n, 65579n, 65581n];

interface Exchange {
  readonly newNonce: Buffer;
  readonly secret: Buffer;
  readonly aesKey: Buffer;
  readonly iv: Buffer;
}

/** The making of an auth key on one connection (https://core.telegram.org/mtproto/auth_key). */
export class Handshake {
  private readonly options: HandshakeOptions;
  private nonce = Buffer.alloc(0);
  private serverNonce = Buffer.alloc(0);
  private pq = 0n;
  private exchange: Exchange | undefined;

  constructor(options: HandshakeOptions) {
    this.options = options;
  }

  /** Answers one plain message; undefined: nothing to answer. Errors: HandshakeError, TlError. */
  answer(body: Buffer): Buffer | undefined {
    const request = mtproto.read(new Reader(body));
    const answer = this.step(request);
    if (answer === undefined) return undefined;
    return written(answer);
  }

  private step(request: Tl): Tl | undefined {
    switch (request._) {
      case 'req_pq':
      case 'req_pq_multi':
        return this.start(request['nonce'] as Buffer);
      case 'req_DH_params':
        return this.offer(request);
      case 'set_client_DH_params':
        return this.finish(request);
      case 'msgs_ack':
        return undefined;
      default:
        throw new HandshakeError(`${request._} is no part of a handshake`);
    }
  }

  private start(nonce: Buffer): Tl {
    const at = Math.floor(Math.random() * (PRIMES.length - 1));
    this.pq = (PRIMES[at] ?? 0n) * (PRIMES[at + 1] ?? 0n);
    this.nonce = Buffer.from(nonce);
    this.serverNonce = randomBytes(16);
    this.exchange = undefined;
    const fingerprint = this.options.rsa.publicKey.fingerprint;
    return {
      _: 'resPQ',
      ...this.nonces(),
      pq: toBig(this.pq),
      server_public_key_fingerprints: [fingerprint],
    };
  }

  private offer(request: Tl): Tl {
    this.checkNonces(request);
    const inner = this.openInner(request);
    this.checkInner(inner);
    const newNonce = Buffer.from(inner['new_nonce'] as Buffer);
    const { secret, public: open } = newExchange();
    const { aesKey, iv } = temporaryAes(newNonce, this.serverNonce);
    this.exchange = { newNonce, secret, aesKey, iv };
    const data = written({
      _: 'server_DH_inner_data',
      ...this.nonces(),
      g: DH_G,
      dh_prime: DH_PRIME,
      g_a: toBig(fromBig(open)),
      server_time: Math.floor(this.options.now() / 1000),
    });
    const hashed = Buffer.concat([sha1(data), data]);
    const padded = Buffer.concat([hashed, randomBytes((16 - (hashed.length % 16)) % 16)]);
    return { _: 'server_DH_params_ok', ...this.nonces(), encrypted_answer: igeEncrypt(padded, aesKey, iv) };
  }

  private openInner(request: Tl): Tl {
    const { rsa } = this.options;
    if (request['public_key_fingerprint'] !== rsa.publicKey.fingerprint)
      throw new HandshakeError('the client chose a key that was not offered');
    const opened = rsa.open(request['encrypted_data'] as Buffer);
    if (opened === undefined)
      throw new HandshakeError('encrypted_data is neither RSA_PAD nor SHA-1 under this key');
    return mtproto.read(new Reader(opened));
  }

  private checkInner(inner: Tl): void {
    if (!inner._.startsWith('p_q_inner_data')) throw new HandshakeError(`${inner._} is no p_q_inner_data`);
    if (inner._.includes('temp'))
      throw new HandshakeError('temporary keys are not supported: switch PFS off');
    this.checkNonces(inner);
    const p = fromBig(inner['p'] as Buffer);
    const q = fromBig(inner['q'] as Buffer);
    if (p >= q || p * q !== this.pq || fromBig(inner['pq'] as Buffer) !== this.pq)
      throw new HandshakeError('p and q are no factors of pq');
    const dc = inner['dc'];
    // Test servers count from 10000, media addresses are negative.
    if (typeof dc === 'number' && Math.abs(dc) % 10000 !== this.options.dc)
      throw new HandshakeError(`the client wants DC ${dc}, this port is DC ${this.options.dc}`, -444);
  }

  private finish(request: Tl): Tl {
    this.checkNonces(request);
    const { exchange } = this;
    if (exchange === undefined) throw new HandshakeError('set_client_DH_params before req_DH_params');
    const gB = this.openClient(request['encrypted_data'] as Buffer, exchange);
    const key = agree(exchange.secret, gB);
    if (key === undefined) return this.verdict('dh_gen_fail', 3, exchange, Buffer.alloc(256));
    // Clients that don't pad g^ab on the left would derive another key.
    if (key[0] === 0) return this.verdict('dh_gen_retry', 2, exchange, key);
    const firstSalt = exchange.newNonce.readBigInt64LE(0) ^ this.serverNonce.readBigInt64LE(0);
    if (!this.options.keep(key, firstSalt)) return this.verdict('dh_gen_retry', 2, exchange, key);
    this.exchange = undefined;
    return this.verdict('dh_gen_ok', 1, exchange, key);
  }

  private openClient(encrypted: Buffer, { aesKey, iv }: Exchange): bigint {
    if (encrypted.length % 16 !== 0) throw new HandshakeError('encrypted_data is not whole AES blocks');
    const plain = igeDecrypt(encrypted, aesKey, iv);
    const from = new Reader(plain, 20);
    const inner = mtproto.read(from);
    if (inner._ !== 'client_DH_inner_data') throw new HandshakeError(`${inner._} is no client_DH_inner_data`);
    if (!sha1(plain.subarray(20, from.offset)).equals(plain.subarray(0, 20)))
      throw new HandshakeError('the hash of client_DH_inner_data is wrong');
    this.checkNonces(inner);
    return fromBig(inner['g_b'] as Buffer);
  }

  private verdict(name: string, number: 1 | 2 | 3, { newNonce }: Exchange, key: Buffer): Tl {
    const hash = sha1(newNonce, Buffer.from([number]), sha1(key).subarray(0, 8)).subarray(4, 20);
    return { _: name, ...this.nonces(), [`new_nonce_hash${number}`]: hash };
  }

  private nonces(): { nonce: Buffer; server_nonce: Buffer } {
    return { nonce: this.nonce, server_nonce: this.serverNonce };
  }

  private checkNonces(object: Tl): void {
    if (
      !this.nonce.equals(object['nonce'] as Buffer) ||
      !this.serverNonce.equals(object['server_nonce'] as Buffer)
    )
      throw new HandshakeError('the nonces are those of another handshake');
  }
}

function temporaryAes(newNonce: Buffer, serverNonce: Buffer): { aesKey: Buffer; iv: Buffer } {
  const one = sha1(newNonce, serverNonce);
  const two = sha1(serverNonce, newNonce);
  return {
    aesKey: Buffer.concat([one, two.subarray(0, 12)]),
    iv: Buffer.concat([two.subarray(12), sha1(newNonce, newNonce), newNonce.subarray(0, 4)]),
  };
}

function written(object: Tl): Buffer {
  const to = new Writer();
  mtproto.write(to, object);
  return to.done();
}
