/** A Telegram of one account: boxes, qts, seq, sends; it answers the engine's calls from what is true at that moment. */
import type { tl } from '@mtcute/tl';
import Long from 'long';
import type { UpdatesApi } from '../../../../src/telegram/updates/ports.js';
import { ServerBox, type Logged } from './server-box.js';

export interface ServerLimits {
  /** Events in one slice. */
  readonly slice: number;
  /** More events than this behind: TooLong. */
  readonly tooLong: number;
  readonly channelTooLong: number;
}

export const self = 1;

/** Telegram's answer when it refuses; `faultOf` in the host reads it. */
export class Refusal extends Error {
  readonly fault: { code: number; type: string; argument?: number };

  constructor(code: number, type: string, argument?: number) {
    super(type);
    this.fault = { code, type, ...(argument === undefined ? {} : { argument }) };
  }
}

export class Server implements UpdatesApi {
  readonly common = new ServerBox();
  readonly channels = new Map<number, ServerBox>();
  readonly qtsLog: { qts: number; userId: number; date: number }[] = [];
  readonly closedChannels = new Set<number>();
  readonly limits: ServerLimits;
  readonly #now: () => number;
  seq = 5;
  qts = 3;

  constructor(now: () => number, limits: ServerLimits) {
    this.#now = now;
    this.limits = limits;
  }

  /** Seconds. */
  date(): number {
    return Math.floor(this.#now() / 1000);
  }

  channel(id: number): ServerBox {
    const box = this.channels.get(id) ?? new ServerBox(id);
    this.channels.set(id, box);
    return box;
  }

  /** A message of a user, or in a channel; `out`: written by the account elsewhere, `randomId`: by the session under test. */
  write(box: ServerBox, author: number, text: string, own?: { randomId?: number }): Logged {
    const peer: tl.TypePeer = box.channel
      ? { _: 'peerChannel', channelId: box.channel }
      : { _: 'peerUser', userId: author };
    const randomId = own?.randomId === undefined ? {} : { randomId: longOf(own.randomId) };
    return box.add({
      peer,
      author: own ? self : author,
      out: own !== undefined,
      date: this.date(),
      text,
      ...randomId,
    });
  }

  stop(userId: number): tl.TypeUpdate {
    this.qts += 1;
    this.qtsLog.push({ qts: this.qts, userId, date: this.date() });
    return this.#stopped(this.qtsLog.at(-1)!);
  }

  /** The answer of a send, as Telegram gives it. */
  sendResult(box: ServerBox, logged: Logged): tl.TypeUpdates {
    if (logged.what !== 'new') throw new Error('not a send');
    const { id, randomId, date } = box.messages.get(logged.id)!;
    const { pts, count: ptsCount } = logged;
    if (box.channel === undefined && id % 2 === 0)
      return { _: 'updateShortSentMessage', out: true, id, pts, ptsCount, date };
    const updates: tl.TypeUpdate[] = [
      { _: 'updateMessageID', id, randomId: randomId! },
      box.updateOf(logged),
    ];
    return { _: 'updates', updates, ...this.peers(), date, seq: 0 };
  }

  peers(): { users: tl.TypeUser[]; chats: tl.TypeChat[] } {
    const users = [1, 11, 12, 13].map((id): tl.TypeUser => ({
      _: 'user',
      id,
      accessHash: longOf(id),
      firstName: 'x',
    }));
    const chats = [...this.channels.keys()].map((id): tl.TypeChat => ({
      _: 'channel',
      id,
      accessHash: longOf(id),
      title: 'x',
      photo: { _: 'chatPhotoEmpty' },
      date: 0,
    }));
    return { users, chats };
  }

  state(pts = this.common.pts, qts = this.qts): tl.updates.RawState {
    return { _: 'updates.state', pts, qts, seq: this.seq, date: this.date(), unreadCount: 0 };
  }

  async getState() {
    return this.state();
  }

  async getDifference({
    pts,
    qts,
    date,
  }: {
    pts: number;
    qts: number;
    date: number;
  }): Promise<tl.updates.TypeDifference> {
    if (pts > this.common.pts) throw new Refusal(400, 'PERSISTENT_TIMESTAMP_INVALID');
    const found = this.common.since(pts, this.limits.slice);
    if (found.count > this.limits.tooLong) return { _: 'updates.differenceTooLong', pts: this.common.pts };
    const events = found.whole
      ? this.qtsLog.filter((event) => event.qts > qts).map((event) => this.#stopped(event))
      : [];
    const late = [...this.channels.values()].filter(
      (box) => found.whole && box.changedAt >= date && box.changedAt > 0,
    );
    const tooLong = late.map((box): tl.TypeUpdate => ({
      _: 'updateChannelTooLong',
      channelId: box.channel!,
      pts: box.pts,
    }));
    const otherUpdates = [...found.otherUpdates, ...events, ...tooLong];
    const { newMessages } = found;
    if (newMessages.length + otherUpdates.length === 0 && found.pts === pts) {
      return { _: 'updates.differenceEmpty', date: this.date(), seq: this.seq };
    }
    const common = { newMessages, newEncryptedMessages: [], otherUpdates, ...this.peers() };
    if (found.whole) return { _: 'updates.difference', ...common, state: this.state() };
    return {
      _: 'updates.differenceSlice',
      ...common,
      intermediateState: { ...this.state(found.pts, qts), date },
    };
  }

  async getChannelDifference(
    { id }: { id: number },
    pts: number,
    limit: number,
  ): Promise<tl.updates.TypeChannelDifference> {
    const box = this.#open(id);
    if (pts > box.pts) throw new Refusal(400, 'PERSISTENT_TIMESTAMP_INVALID');
    const found = box.since(pts, Math.min(limit, this.limits.slice));
    if (found.count > this.limits.channelTooLong) return this.#tooLong(box);
    const { newMessages, otherUpdates } = found;
    if (newMessages.length + otherUpdates.length === 0 && found.whole) {
      return { _: 'updates.channelDifferenceEmpty', final: true, pts: box.pts };
    }
    return {
      _: 'updates.channelDifference',
      final: found.whole,
      pts: found.pts,
      newMessages,
      otherUpdates,
      ...this.peers(),
    };
  }

  async getChannelState({ id }: { id: number }) {
    const box = this.#open(id);
    return { pts: box.pts, topMsgId: box.lastId };
  }

  async getMessages(channel: { id: number } | undefined, ids: readonly number[]) {
    const box = channel === undefined ? this.common : this.#open(channel.id);
    return { messages: ids.map((id) => box.tl(id)), ...this.peers() };
  }

  #open(id: number): ServerBox {
    if (this.closedChannels.has(id)) throw new Refusal(400, 'CHANNEL_PRIVATE');
    return this.channel(id);
  }

  #tooLong(box: ServerBox): tl.updates.TypeChannelDifference {
    const dialog: tl.RawDialog = {
      _: 'dialog',
      peer: { _: 'peerChannel', channelId: box.channel! },
      topMessage: box.lastId,
      readInboxMaxId: 0,
      readOutboxMaxId: 0,
      unreadCount: 0,
      unreadMentionsCount: 0,
      unreadReactionsCount: 0,
      notifySettings: { _: 'peerNotifySettings' },
      pts: box.pts,
    };
    const messages = box
      .alive()
      .slice(-3)
      .map(({ id }) => box.tl(id));
    return { _: 'updates.channelDifferenceTooLong', final: true, dialog, messages, ...this.peers() };
  }

  #stopped({ qts, userId, date }: { qts: number; userId: number; date: number }): tl.TypeUpdate {
    return { _: 'updateBotStopped', userId, date, stopped: true, qts };
  }
}

/** As the TL types declare it: their `Long` and ours are one class under two declarations. */
export function longOf(value: number): tl.RawUpdateMessageID['randomId'] {
  const long: unknown = Long.fromNumber(value);
  return long as tl.RawUpdateMessageID['randomId'];
}
