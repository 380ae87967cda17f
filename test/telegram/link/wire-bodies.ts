/** Bodies of the server's messages, written by the local Telegram's codec: it shares no code with the link. */

import { gzipSync } from 'node:zlib';
import { Reader, Writer } from '../../emulator/schema/bytes.js';
import { Layers } from '../../emulator/schema/layers.js';
import { mtproto } from '../../emulator/schema/mtproto.js';
import type { Tl } from '../../emulator/types.js';

export const layers = Layers.installed();

const LAYER = 223;

/** An update that carries a number: the date of an updateShort. */
export function update(number: number): Buffer {
  const typing: Tl = {
    _: 'updateUserTyping',
    user_id: 5n,
    action: { _: 'sendMessageTypingAction' },
  };
  return api({ _: 'updateShort', update: typing, date: number });
}

export function api(object: Tl): Buffer {
  const body = layers.write(LAYER, object);
  if (body === undefined) throw new Error(`layer ${LAYER} has no ${object._}`);
  return body;
}

export function service(object: Tl): Buffer {
  const to = new Writer();
  mtproto.write(to, object);
  return to.done();
}

export function readService(body: Buffer): Tl {
  return mtproto.read(new Reader(body));
}

export function answer(method: string, value: Tl): Buffer {
  return layers.writeAnswer(LAYER, method, value);
}

export function rpcResult(requestId: bigint, body: Buffer): Buffer {
  const to = new Writer(body.length + 12);
  to.uint(0xf35c6d01);
  to.long(requestId);
  to.raw(body);
  return to.done();
}

export function rpcError(requestId: bigint, code: number, text: string): Buffer {
  return rpcResult(requestId, service({ _: 'rpc_error', error_code: code, error_message: text }));
}

export function gzip(body: Buffer): Buffer {
  const to = new Writer(body.length + 16);
  to.uint(0x3072cfa1);
  to.bytes(gzipSync(body));
  return to.done();
}

/** A constructor that no layer knows. */
export const unknown = Buffer.from('dec0ad0b00000000', 'hex');

export const state = (pts: number): Tl => ({
  _: 'updates.state',
  pts,
  qts: 0,
  date: 1,
  seq: 0,
  unread_count: 0,
});

export function config(dc: number, options: readonly { readonly id: number; readonly port: number }[]): Tl {
  const numbers = {
    chat_size_max: 200,
    megagroup_size_max: 200_000,
    forwarded_count_max: 100,
    online_update_period_ms: 120_000,
    offline_blur_timeout_ms: 5_000,
    offline_idle_timeout_ms: 30_000,
    online_cloud_timeout_ms: 300_000,
    notify_cloud_delay_ms: 30_000,
    notify_default_delay_ms: 1_500,
    push_chat_period_ms: 60_000,
    push_chat_limit: 2,
    edit_time_limit: 172_800,
    revoke_time_limit: 172_800,
    revoke_pm_time_limit: 172_800,
    rating_e_decay: 2_419_200,
    stickers_recent_limit: 200,
    channels_read_media_period: 604_800,
    call_receive_timeout_ms: 20_000,
    call_ring_timeout_ms: 90_000,
    call_connect_timeout_ms: 30_000,
    call_packet_timeout_ms: 10_000,
    caption_length_max: 1024,
    message_length_max: 4096,
    webfile_dc_id: 4,
  };
  return {
    _: 'config',
    date: 1,
    expires: 2_000_000_000,
    test_mode: false,
    this_dc: dc,
    dc_options: options.map(({ id, port }) => ({ _: 'dcOption', id, ip_address: '127.0.0.1', port })),
    dc_txt_domain_name: '',
    me_url_prefix: 'https://t.me/',
    ...numbers,
  };
}
