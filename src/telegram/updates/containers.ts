/** Every form in which Telegram pushes updates, as one container. */
import type { tl } from '@mtcute/tl';

export interface Container {
  readonly updates: readonly tl.TypeUpdate[];
  readonly users: readonly tl.TypeUser[];
  readonly chats: readonly tl.TypeChat[];
  /** Seconds. */
  readonly date: number;
  /** 0: the container is under no seq. */
  readonly seqStart: number;
  readonly seq: number;
}

/** Undefined: Telegram pushed nothing but "ask me" (`updatesTooLong`) or a bare result that only `onResult` can read. */
export function containerOf(updates: tl.TypeUpdates, self: number): Container | undefined {
  switch (updates._) {
    case 'updates':
      return { ...updates, seqStart: updates.seq };
    case 'updatesCombined':
      return updates;
    case 'updateShort':
      return single(updates.update, updates.date);
    case 'updateShortMessage':
      return single(
        shortMessage(updates, { _: 'peerUser', userId: updates.userId }, updates.userId, self),
        updates.date,
      );
    case 'updateShortChatMessage':
      return single(
        shortMessage(updates, { _: 'peerChat', chatId: updates.chatId }, updates.fromId, self),
        updates.date,
      );
    case 'updatesTooLong':
    case 'updateShortSentMessage':
      return undefined;
  }
}

function single(update: tl.TypeUpdate, date: number): Container {
  return { updates: [update], users: [], chats: [], date, seqStart: 0, seq: 0 };
}

function shortMessage(
  short: tl.RawUpdateShortMessage | tl.RawUpdateShortChatMessage,
  peerId: tl.TypePeer,
  author: number,
  self: number,
): tl.RawUpdateNewMessage {
  const { pts, ptsCount } = short;
  const message: tl.RawMessage = {
    _: 'message',
    id: short.id,
    peerId,
    fromId: { _: 'peerUser', userId: short.out === true ? self : author },
    date: short.date,
    message: short.message,
    ...pick(short, [
      'out',
      'mentioned',
      'mediaUnread',
      'silent',
      'fwdFrom',
      'viaBotId',
      'replyTo',
      'entities',
      'ttlPeriod',
    ]),
  };
  return { _: 'updateNewMessage', message, pts, ptsCount };
}

function pick<T extends object, K extends keyof T>(from: T, fields: readonly K[]): Partial<Pick<T, K>> {
  const picked: Partial<Pick<T, K>> = {};
  for (const field of fields) if (from[field] !== undefined) picked[field] = from[field];
  return picked;
}
