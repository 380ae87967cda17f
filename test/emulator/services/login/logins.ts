import { randomBytes, randomInt } from 'node:crypto';
import { RpcError } from '../../types.js';
import type { Clock } from '../../world/clock.js';

/** A QR token is good for 30 s (core.telegram.org/api/qr-login). */
export const TOKEN_SECONDS = 30;

export interface LoginToken {
  readonly token: Buffer;
  /** The authorisation that wants to log in. */
  readonly authKeyId: string;
  /** Seconds. */
  readonly expires: number;
  /** Who scanned it. */
  userId?: number;
}

/** Everything between "I want to log in" and a bound authorisation: codes, QR tokens, exported authorisations. */
export class Logins {
  readonly #clock: Clock;
  readonly #codes = new Map<string, { code: string; hash: string }>();
  readonly #tokens = new Map<string, LoginToken>();
  readonly #exports = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends a fresh five-digit code to the phone (digits only); returns its hash. */
  sendCode(phone: string): string {
    const hash = randomBytes(9).toString('hex');
    this.#codes.set(phone, { code: String(randomInt(10_000, 100_000)), hash });
    return hash;
  }

  /** What the phone shows; undefined when no code was asked for. */
  code(phone: string): string | undefined {
    return this.#codes.get(phone.replace(/\D/g, ''))?.code;
  }

  /** Throws PHONE_CODE_EXPIRED or PHONE_CODE_INVALID; a right code is used up. */
  checkCode(phone: string, hash: string, code: string): void {
    const sent = this.#codes.get(phone);
    if (sent?.hash !== hash) throw new RpcError(400, 'PHONE_CODE_EXPIRED');
    if (sent.code !== code) throw new RpcError(400, 'PHONE_CODE_INVALID');
    this.#codes.delete(phone);
  }

  newToken(authKeyId: string): LoginToken {
    const token: LoginToken = {
      token: randomBytes(20),
      authKeyId,
      expires: Math.floor(this.#clock.now() / 1000) + TOKEN_SECONDS,
    };
    this.#tokens.set(token.token.toString('hex'), token);
    return token;
  }

  /** Throws AUTH_TOKEN_INVALID or AUTH_TOKEN_EXPIRED. */
  token(bytes: Buffer): LoginToken {
    const token = this.#tokens.get(bytes.toString('hex'));
    if (!token) throw new RpcError(400, 'AUTH_TOKEN_INVALID');
    if (token.expires * 1000 < this.#clock.now()) throw new RpcError(400, 'AUTH_TOKEN_EXPIRED');
    return token;
  }

  exportAuthorization(userId: number): Buffer {
    const bytes = randomBytes(32);
    this.#exports.set(bytes.toString('hex'), userId);
    return bytes;
  }

  /** Good once. Throws AUTH_BYTES_INVALID. */
  importAuthorization(userId: number, bytes: Buffer): void {
    const key = bytes.toString('hex');
    if (this.#exports.get(key) !== userId) throw new RpcError(400, 'AUTH_BYTES_INVALID');
    this.#exports.delete(key);
  }
}
