import type { tl } from '@mtcute/tl';

import { commonBox, connectionId, type Box } from '../../../src/domain/ids.js';
import { long } from '../../../src/telegram/tl/long.js';
import type { NormaliseContext } from '../../../src/telegram/normalise/update.js';
import { readTl, writeTl } from '../../../src/telegram/tl/codec.js';

/** The session that sees everything in these tests. */
export const owner = connectionId('7000000001');

/** The object as it comes off the wire: written and read by the codec, absent flags and all. */
export function onWire<T extends tl.TlObject>(object: T): T {
  return readTl(writeTl(object)) as T;
}

export function context(
  users: readonly tl.TypeUser[] = [],
  chats: readonly tl.TypeChat[] = [],
  box: Box = commonBox,
): NormaliseContext {
  return {
    owner,
    box,
    users: new Map(users.map((user) => [user.id, user])),
    chats: new Map(chats.map((chat) => [chat.id, chat])),
  };
}

/** A message of user 7000000005 in the private chat with us. */
export function message(fields: Partial<tl.RawMessage> = {}): tl.RawMessage {
  return {
    _: 'message',
    id: 41,
    peerId: { _: 'peerUser', userId: 7000000005 },
    date: 1_760_000_000,
    message: '',
    ...fields,
  };
}

export function serviceMessage(
  action: tl.TypeMessageAction,
  fields: Partial<tl.RawMessageService> = {},
): tl.RawMessageService {
  return {
    _: 'messageService',
    id: 42,
    peerId: { _: 'peerChannel', channelId: 2000000001 },
    date: 1_760_000_000,
    action,
    ...fields,
  };
}

export const forum: tl.RawChannel = {
  _: 'channel',
  id: 2000000001,
  accessHash: long('-77'),
  title: 'Support',
  megagroup: true,
  forum: true,
  photo: { _: 'chatPhotoEmpty' },
  date: 1,
};

export function document(
  attributes: tl.TypeDocumentAttribute[],
  fields: Partial<tl.RawDocument> = {},
): tl.RawDocument {
  return {
    _: 'document',
    id: long('5000000000000000001'),
    accessHash: long('-5000000000000000002'),
    fileReference: Uint8Array.of(1, 2, 3),
    date: 1,
    mimeType: 'application/octet-stream',
    size: 12_582_912,
    dcId: 2,
    attributes,
    ...fields,
  };
}

export const photo: tl.RawPhoto = {
  _: 'photo',
  id: long('5000000000000000003'),
  accessHash: long('7'),
  fileReference: Uint8Array.of(9),
  date: 1,
  dcId: 4,
  sizes: [
    { _: 'photoStrippedSize', type: 'i', bytes: Uint8Array.of(1) },
    { _: 'photoSize', type: 'm', w: 320, h: 240, size: 9_000 },
    { _: 'photoSizeProgressive', type: 'y', w: 1280, h: 960, sizes: [1_000, 50_000, 180_000] },
    { _: 'photoSize', type: 'x', w: 800, h: 600, size: 60_000 },
  ],
};
