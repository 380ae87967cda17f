import { generatePrimeSync, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import {
  factorize,
  isGoodPrime,
  isInSafeRange,
  modPow,
  toBigInt,
  toBytes,
} from '../../../src/telegram/link/number-theory.js';
import { DH_PRIME } from '../../emulator/crypto/dh.js';

describe('the arithmetic of the handshake', () => {
  it('finds the factors of products of 31-bit primes, as Telegram sends them', async () => {
    for (let i = 0; i < 5; i++) {
      const p = generatePrimeSync(31, { bigint: true });
      const q = generatePrimeSync(31, { bigint: true });
      expect(await factorize(p * q)).to.deep.equal(p < q ? [p, q] : [q, p]);
    }
    expect(await factorize(0x17ed48941a08f981n)).to.deep.equal([0x494c553bn, 0x53911073n]);
  });

  it('raises to powers like the schoolbook', () => {
    for (let i = 0; i < 20; i++) {
      const base = toBigInt(randomBytes(8));
      const modulus = toBigInt(randomBytes(8)) | 1n;
      const exponent = BigInt(i * 7);
      expect(modPow(base, exponent, modulus)).to.equal(base ** exponent % modulus);
    }
  });

  it('keeps leading zeros and refuses what does not fit', () => {
    expect(toBytes(1n, 256)).to.have.length(256);
    expect(() => toBytes(1n << 64n, 8)).to.throw(RangeError);
  });

  it("knows Telegram's prime and refuses others, small ones and unfit generators", async () => {
    expect(await isGoodPrime(DH_PRIME, 3)).to.equal(true);
    expect(await isGoodPrime(DH_PRIME, 2)).to.equal(false);
    expect(await isGoodPrime(DH_PRIME, 8)).to.equal(false);
    const composite = toBytes(toBigInt(DH_PRIME) + 24n, 256);
    expect(await isGoodPrime(composite, 4)).to.equal(false);
    expect(await isGoodPrime(toBytes(23n, 32), 4)).to.equal(false);
  });

  it('a public number near 0 or near the prime is unsafe', () => {
    const prime = toBigInt(DH_PRIME);
    const middle = prime / 2n;
    expect([1n, 1n << 1984n, prime - 1n, prime].map((n) => isInSafeRange(n, prime))).to.deep.equal(
      Array(4).fill(false),
    );
    expect(isInSafeRange(middle, prime)).to.equal(true);
  });
});
