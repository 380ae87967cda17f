import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { GatewayError } from '../../src/domain/errors.js';
import { createKeyRing } from '../../src/runtime/keyring.js';

const old = { kid: 'old', bytes: randomBytes(32) };
const fresh = { kid: 'fresh', bytes: randomBytes(32) };
const plain = Buffer.from('auth key of c7');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
  return 'nothing thrown';
}

describe('runtime/keyring', () => {
  it('V1 what was sealed opens again, whatever its bytes and context', () => {
    const ring = createKeyRing([fresh]);
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, context) => {
        expect(Buffer.from(ring.open(ring.seal(bytes, context), context))).to.deep.equal(Buffer.from(bytes));
      }),
    );
  });

  it('V1 the key ring rotates: the first key seals, every key opens, and a removed key no longer does', () => {
    const sealedBefore = createKeyRing([old]).seal(plain, 'c7');
    const both = createKeyRing([fresh, old]);
    expect(both.open(sealedBefore, 'c7')).to.deep.equal(plain);
    const sealedAgain = both.seal(plain, 'c7');
    expect(sealedAgain).to.match(/^v1\.fresh\./);
    const after = createKeyRing([fresh]);
    expect(after.open(sealedAgain, 'c7')).to.deep.equal(plain);
    expect(codeOf(() => after.open(sealedBefore, 'c7'))).to.equal('KEY_WRONG');
  });

  it('V1 a wrong key under the right name is KEY_WRONG', () => {
    const sealed = createKeyRing([old]).seal(plain, 'c7');
    const wrong = createKeyRing([{ kid: 'old', bytes: randomBytes(32) }]);
    expect(codeOf(() => wrong.open(sealed, 'c7'))).to.equal('KEY_WRONG');
  });

  it('V1 a sealed text that was moved to another row, altered or cut does not open', () => {
    const ring = createKeyRing([fresh, old]);
    const sealed = ring.seal(plain, 'c7');
    const altered = sealed.slice(0, -1) + (sealed.endsWith('A') ? 'Q' : 'A');
    for (const [text, context] of [
      [sealed, 'c8'],
      [altered, 'c7'],
      [sealed.slice(0, 20), 'c7'],
      [sealed.replace('.fresh.', '.old.'), 'c7'],
      [sealed.replace('v1', 'v2'), 'c7'],
      ['', 'c7'],
    ] as const) {
      expect(
        codeOf(() => ring.open(text, context)),
        text,
      ).to.equal('KEY_WRONG');
    }
  });

  it('V1 the same bytes sealed twice look different, and show nothing of themselves', () => {
    const ring = createKeyRing([fresh]);
    expect(ring.seal(plain, 'c7')).not.to.equal(ring.seal(plain, 'c7'));
    expect(Buffer.from(ring.seal(plain, 'c7').split('.')[2] ?? '', 'base64url').includes('auth')).to.equal(
      false,
    );
  });

  it('a ring without a key is refused', () => {
    expect(codeOf(() => createKeyRing([]))).to.equal('CONFIG_INVALID');
  });
});
