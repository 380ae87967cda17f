import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { Writer } from '../schema/bytes.js';
import { Codec, GZIP_PACKED } from '../schema/codec.js';
import { parseTl } from '../schema/parse.js';
import type { Tl } from '../types.js';

const require = createRequire(import.meta.url);
const codec = new Codec(parseTl(require('telegram/tl/apiTl.js') as string));

/** The bytes of a request of layer 198. */
export function requestBytes(request: Tl): Buffer {
  const to = new Writer();
  codec.write(to, request);
  return to.done();
}

/** `invokeWithLayer(198, initConnection(query))`: what a session must begin with. */
export function firstRequest(query: Tl): Buffer {
  const device = { api_id: 1, device_model: 'probe', system_version: '1', app_version: '1' };
  const init = {
    _: 'initConnection',
    ...device,
    system_lang_code: 'en',
    lang_pack: '',
    lang_code: 'en',
    query,
  };
  return requestBytes({ _: 'invokeWithLayer', layer: 198, query: init });
}

export function gzipBytes(body: Buffer): Buffer {
  const to = new Writer();
  to.uint(GZIP_PACKED);
  to.bytes(gzipSync(body));
  return to.done();
}
