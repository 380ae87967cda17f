import type { tl } from '@mtcute/tl';
import { LAYER, writeTl } from '../tl/codec.js';
import { asBuffer } from './cipher.js';
import type { Identity } from './link.js';

/** The method whose answer a new connection waits for: it needs no login and names the DCs. */
export const INIT_METHOD = 'help.getConfig';

/** First call of every connection: our layer, who we are, and help.getConfig. */
export function initCall(identity: Identity, purpose: 'main' | 'files'): Buffer {
  const getConfig: tl.help.RawGetConfigRequest = { _: INIT_METHOD };
  const query: tl.RpcMethod =
    purpose === 'main' ? getConfig : { _: 'invokeWithoutUpdates', query: getConfig };
  const langCode = identity.langCode ?? 'en';
  const initConnection: tl.RawInitConnectionRequest = {
    _: 'initConnection',
    apiId: identity.apiId,
    deviceModel: identity.deviceModel,
    systemVersion: identity.systemVersion ?? process.version,
    appVersion: identity.appVersion,
    systemLangCode: langCode,
    langPack: '',
    langCode,
    query,
  };
  return asBuffer(writeTl({ _: 'invokeWithLayer', layer: LAYER, query: initConnection }));
}
