/** Who is who in a store that is filled for tests and measurements: one bot, one desk, many contacts. */

import {
  boxOf,
  commonBox,
  connectionId,
  deskId,
  dialogId,
  peerOf,
  type DialogId,
  type Peer,
} from '../../../src/domain/ids.js';

export const shop = connectionId('100');
export const desk = deskId('200');
export const group = peerOf('channel', 2000000001);
export const groupBox = boxOf(group);
export const clientBox = commonBox;

/** Rows of the walks themselves start above those of the filling. */
const firstContact = 5_000_000_000;

/** The n-th contact of the bot. */
export function contact(n: number): Peer {
  return peerOf('user', firstContact + n);
}

export function dialogOf(n: number): DialogId {
  return dialogId(shop, contact(n));
}

/** Topics and posts are numbered in one box, and topics come first. */
export function topicOf(n: number): number {
  return 2 + n;
}

/** Decimal, 63 bits, spread over the whole range as Telegram's and ours are. */
export function spread(n: number, salt: number): string {
  let x = BigInt.asUintN(64, BigInt(n) * 0x9e3779b97f4a7c15n + BigInt(salt) * 0xd1b54a32d192ed03n);
  x ^= x >> 29n;
  return (BigInt.asUintN(63, x * 0xbf58476d1ce4e5b9n) | 1n).toString();
}
