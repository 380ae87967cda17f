/** Agrees on an authorisation key (core.telegram.org/mtproto/auth_key), with every check that the protocol demands. */

import { randomBytes } from 'node:crypto';
import type { mtp, tl } from '@mtcute/tl';
import { TlBinaryWriter } from '@mtcute/tl-runtime';
import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import { readTl, readTlPrefix, writeTl } from '../tl/codec.js';
import { igeDecrypt, igeEncrypt, sha1, sha256 } from './cipher.js';
import type { SenderConnection } from './gramjs.js';
import { longBytes, toLong } from '../tl/long.js';
import { MessageIds } from './message-ids.js';
import { factorize, isGoodPrime, isInSafeRange, modPow, toBigInt, toBytes } from './number-theory.js';
import type { RsaKey } from './rsa-keys.js';

export interface NewKey {
  /** 256 bytes. */
  readonly authKey: Buffer;
  /** First server salt, 8 bytes. */
  readonly salt: Buffer;
  /** Seconds that the server's clock is ahead of ours. */
  readonly timeOffsetSeconds: number;
}

export interface HandshakeOptions {
  readonly keys: readonly RsaKey[];
  /** The DC that the server must be; absent where nobody knows yet which one answers. */
  readonly dc?: number;
  readonly clock: Clock;
}

/** Throws TELEGRAM_UNREACHABLE where the other side does not prove to be Telegram; the caller closes the connection. */
export async function agreeOnKey(wire: SenderConnection, options: HandshakeOptions): Promise<NewKey> {
  try {
    return await exchange(wire, options);
  } catch (thrown) {
    // What can't be read, or numbers of impossible size, prove nothing either.
    if (thrown instanceof GatewayError) throw thrown;
    throw new GatewayError('TELEGRAM_UNREACHABLE', 'handshake: unreadable', { cause: thrown });
  }
}

async function exchange(wire: SenderConnection, options: HandshakeOptions): Promise<NewKey> {
  const ask = plainCalls(wire, options.clock);
  const nonce = randomBytes(16);
  const resPq = await ask({ _: 'mt_req_pq_multi', nonce }, 'mt_resPQ');
  demand(same(resPq.nonce, nonce), 'nonce');
  const nonces: Nonces = { nonce, serverNonce: resPq.serverNonce, newNonce: randomBytes(32) };

  const params = await ask(await dhRequest(resPq, nonces, options), 'mt_server_DH_params_ok');
  demandNonces(params, nonces);
  const { key, iv } = answerKey(nonces);
  const answer = readAnswer(params.encryptedAnswer, key, iv);
  demandNonces(answer, nonces);
  demand(await isGoodPrime(answer.dhPrime, answer.g), 'prime');
  const prime = toBigInt(answer.dhPrime);
  const gA = toBigInt(answer.gA);
  demand(isInSafeRange(gA, prime), 'g_a');

  // A retry is asked for when the server knows the key's id already (once in 2^64).
  let retryId = toLong(0n);
  for (let attempt = 0; attempt < 5; attempt++) {
    const b = toBigInt(randomBytes(256));
    const gB = modPow(BigInt(answer.g), b, prime);
    demand(isInSafeRange(gB, prime), 'g_b');
    await turn();
    // Padded: a key that happens to start with zeros is still 256 bytes.
    const authKey = toBytes(modPow(gA, b, prime), 256);
    await turn();
    const inner = writeTl({ _: 'mt_client_DH_inner_data', ...pair(nonces), retryId, gB: toBytes(gB, 256) });
    const request = {
      _: 'mt_set_client_DH_params',
      ...pair(nonces),
      encryptedData: sealInner(inner, key, iv),
    } as const;
    const done = await ask(request, 'mt_dh_gen_ok', 'mt_dh_gen_retry', 'mt_dh_gen_fail');
    demandNonces(done, nonces);
    const auxHash = sha1(authKey).subarray(0, 8);
    switch (done._) {
      case 'mt_dh_gen_ok':
        demand(same(done.newNonceHash1, nonceHash(nonces.newNonce, 1, auxHash)), 'new_nonce_hash1');
        return {
          authKey,
          salt: firstSalt(nonces),
          timeOffsetSeconds: answer.serverTime - nowSeconds(options.clock),
        };
      case 'mt_dh_gen_retry':
        demand(same(done.newNonceHash2, nonceHash(nonces.newNonce, 2, auxHash)), 'new_nonce_hash2');
        retryId = toLong(auxHash.readBigUInt64LE());
        break;
      case 'mt_dh_gen_fail':
        demand(same(done.newNonceHash3, nonceHash(nonces.newNonce, 3, auxHash)), 'new_nonce_hash3');
        throw refused('dh_gen_fail');
    }
  }
  throw refused('dh_gen_retry');
}

interface Nonces {
  readonly nonce: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly newNonce: Uint8Array;
}

type Pair = Pick<Nonces, 'nonce' | 'serverNonce'>;

async function dhRequest(
  resPq: mtp.RawMt_resPQ,
  nonces: Nonces,
  { keys, dc }: HandshakeOptions,
): Promise<mtp.RawMt_req_DH_params> {
  const offered = resPq.serverPublicKeyFingerprints.map(hexOf);
  const rsa = keys.find((key) => offered.includes(key.fingerprint));
  if (rsa === undefined) throw refused('it offers no key that we trust');
  const factors = await factorize(toBigInt(resPq.pq));
  if (factors === undefined) throw refused('pq');
  const [p, q] = factors.map((factor) => toBytes(factor, 4)) as [Buffer, Buffer];
  const inner = innerData(resPq.pq, p, q, nonces, dc);
  const publicKeyFingerprint = toLong(BigInt('0x' + rsa.fingerprint));
  return {
    _: 'mt_req_DH_params',
    ...pair(nonces),
    p,
    q,
    publicKeyFingerprint,
    encryptedData: rsaPad(inner, rsa),
  };
}

/** `p_q_inner_data_dc`, or where the DC is not known its older form, which names none and stands in no data package. */
function innerData(pq: Uint8Array, p: Buffer, q: Buffer, nonces: Nonces, dc: number | undefined): Uint8Array {
  if (dc !== undefined) return writeTl({ _: 'mt_p_q_inner_data_dc', pq, p, q, ...nonces, dc });
  const writer = TlBinaryWriter.manual(128);
  writer.uint(0x83c95aec);
  for (const bytes of [pq, p, q]) writer.bytes(bytes);
  for (const bytes of [nonces.nonce, nonces.serverNonce, nonces.newNonce]) writer.raw(bytes);
  return writer.result();
}

/** RSA_PAD of step 4.1. */
function rsaPad(data: Uint8Array, rsa: RsaKey): Buffer {
  const padded = Buffer.concat([data, randomBytes(192 - data.length)]);
  const reversed = Buffer.from(padded).reverse();
  for (;;) {
    const tempKey = randomBytes(32);
    const encrypted = igeEncrypt(
      Buffer.concat([reversed, sha256(tempKey, padded)]),
      tempKey,
      Buffer.alloc(32),
    );
    const keyed = Buffer.concat([xor(tempKey, sha256(encrypted)), encrypted]);
    if (toBigInt(keyed) < rsa.modulus) return rsa.encrypt(keyed);
  }
}

function readAnswer(encrypted: Uint8Array, key: Buffer, iv: Buffer): mtp.RawMt_server_DH_inner_data {
  demand(encrypted.length > 20 && encrypted.length % 16 === 0, 'answer length');
  const plain = igeDecrypt(encrypted, key, iv);
  const { object, length } = readTlPrefix(plain.subarray(20));
  demand(same(plain.subarray(0, 20), sha1(plain.subarray(20, 20 + length))), 'answer hash');
  demand(plain.length - 20 - length < 16, 'answer padding');
  return expect(object, 'mt_server_DH_inner_data');
}

function sealInner(inner: Uint8Array, key: Buffer, iv: Buffer): Buffer {
  const hashed = Buffer.concat([sha1(inner), inner]);
  return igeEncrypt(Buffer.concat([hashed, randomBytes((16 - (hashed.length % 16)) % 16)]), key, iv);
}

function answerKey({ serverNonce, newNonce }: Nonces): { key: Buffer; iv: Buffer } {
  const a = sha1(newNonce, serverNonce);
  const b = sha1(serverNonce, newNonce);
  const c = sha1(newNonce, newNonce);
  return {
    key: Buffer.concat([a, b.subarray(0, 12)]),
    iv: Buffer.concat([b.subarray(12, 20), c, newNonce.subarray(0, 4)]),
  };
}

function nonceHash(newNonce: Uint8Array, number: 1 | 2 | 3, auxHash: Uint8Array): Buffer {
  return sha1(newNonce, Buffer.of(number), auxHash).subarray(4, 20);
}

function firstSalt({ newNonce, serverNonce }: Nonces): Buffer {
  return xor(newNonce.subarray(0, 8), serverNonce.subarray(0, 8));
}

type Named<N extends mtp.TlObject['_']> = Extract<mtp.TlObject, { _: N }>;

/** Unencrypted messages: no key id, an id, a length. */
function plainCalls(wire: SenderConnection, clock: Clock) {
  const ids = new MessageIds(clock);
  return async <N extends mtp.TlObject['_']>(
    request: mtp.TlObject,
    ...expected: readonly N[]
  ): Promise<Named<N>> => {
    const body = writeTl(request);
    const head = Buffer.alloc(20);
    head.writeBigUInt64LE(ids.next(), 8);
    head.writeUInt32LE(body.length, 16);
    await wire.send(Buffer.concat([head, body]));
    const packet = await wire.recv();
    if (packet.length < 24) throw refused(`transport error ${packet.length < 4 ? 0 : packet.readInt32LE(0)}`);
    demand(packet.readBigUInt64LE(0) === 0n, 'key id');
    const length = packet.readUInt32LE(16);
    demand(length <= packet.length - 20, 'length');
    return expect(readTl(packet.subarray(20, 20 + length)), ...expected);
  };
}

function expect<N extends mtp.TlObject['_']>(object: unknown, ...names: readonly N[]): Named<N> {
  const named = object as mtp.TlObject | null;
  if (!names.some((name) => name === named?._)) throw refused('unexpected answer');
  return named as Named<N>;
}

function pair({ nonce, serverNonce }: Nonces): Pair {
  return { nonce, serverNonce };
}

function demandNonces(answer: Pair, expected: Nonces): void {
  demand(same(answer.nonce, expected.nonce) && same(answer.serverNonce, expected.serverNonce), 'nonces');
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw refused(what);
}

function refused(what: string): GatewayError {
  return new GatewayError('TELEGRAM_UNREACHABLE', `handshake: ${what}`);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}

function hexOf(fingerprint: tl.Long): string {
  return longBytes(fingerprint).reverse().toString('hex');
}

function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
