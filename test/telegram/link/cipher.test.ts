import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { IGE } from 'telegram/crypto/IGE.js';
import { authKeyBytes, igeDecrypt, igeEncrypt, open, seal } from '../../../src/telegram/link/cipher.js';
import { FROM_CLIENT, unseal } from '../../emulator/crypto/message.js';

describe('the cipher of the link', () => {
  it("AES-IGE is byte for byte GramJS's, both ways", () => {
    for (const length of [16, 320, 4096]) {
      const [data, key, iv] = [randomBytes(length), randomBytes(32), randomBytes(32)];
      const encrypted = igeEncrypt(data, key, iv);
      expect(encrypted.equals(new IGE(key, iv).encryptIge(data))).to.equal(true);
      expect(igeDecrypt(encrypted, key, iv).equals(data)).to.equal(true);
      expect(igeDecrypt(data, key, iv).equals(new IGE(key, iv).decryptIge(data))).to.equal(true);
    }
  });

  it('a sealed packet opens at the local Telegram, and its padding is random and within bounds', () => {
    const key = randomBytes(256);
    const plain = randomBytes(100);
    for (let i = 0; i < 20; i++) {
      const opened = unseal(key, seal(authKeyBytes(key), plain), FROM_CLIENT);
      expect(opened?.subarray(0, 100).equals(plain)).to.equal(true);
      expect(opened!.length - 100).to.be.within(12, 1024);
    }
  });

  it('a packet that was changed, cut or sealed with another key does not open', () => {
    const auth = authKeyBytes(randomBytes(256));
    const packet = seal(auth, randomBytes(64), 'from-server');
    expect(open(auth, packet)).to.be.instanceOf(Buffer);
    for (const at of [0, 8, 24, packet.length - 1]) {
      const changed = Buffer.from(packet);
      changed[at]! ^= 1;
      expect(open(auth, changed), `byte ${at}`).to.equal(undefined);
    }
    expect(open(auth, packet.subarray(0, packet.length - 16))).to.equal(undefined);
    expect(open(authKeyBytes(randomBytes(256)), packet)).to.equal(undefined);
  });
});
