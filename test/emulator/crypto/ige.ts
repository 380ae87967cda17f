import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ige256Decrypt, ige256Encrypt, initSync, SIMD_AVAILABLE } from '@mtcute/wasm';

const require = createRequire(import.meta.url);
initSync(
  readFileSync(
    require.resolve(SIMD_AVAILABLE ? '@mtcute/wasm/mtcute-simd.wasm' : '@mtcute/wasm/mtcute.wasm'),
  ),
);

/** AES-256-IGE; `data` is a multiple of 16 bytes, `key` and `iv` are 32. */
export function igeEncrypt(data: Buffer, key: Buffer, iv: Buffer): Buffer {
  return view(ige256Encrypt(data, key, iv));
}

export function igeDecrypt(data: Buffer, key: Buffer, iv: Buffer): Buffer {
  return view(ige256Decrypt(data, key, iv));
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
