/** One box as the server keeps it: messages, and a log in which every event has its pts. */
import type { tl } from '@mtcute/tl';

export interface ServerMessage {
  readonly id: number;
  readonly peer: tl.TypePeer;
  readonly author: number;
  readonly out: boolean;
  readonly date: number;
  /** Of a send of the session under test. */
  readonly randomId?: tl.RawUpdateMessageID['randomId'];
  text: string;
  editDate?: number;
  deleted?: true;
}

export type Logged = { readonly pts: number; readonly count: number } & (
  | { readonly what: 'new' | 'edit'; readonly id: number }
  | { readonly what: 'delete'; readonly ids: readonly number[] }
  | { readonly what: 'read'; readonly id: number }
);

export class ServerBox {
  readonly channel: number | undefined;
  readonly messages = new Map<number, ServerMessage>();
  readonly log: Logged[] = [];
  pts = 10;
  lastId = 100;
  /** Seconds of the last change. */
  changedAt = 0;

  constructor(channel?: number) {
    this.channel = channel;
  }

  add(message: Omit<ServerMessage, 'id'>): Logged {
    this.lastId += 1;
    this.messages.set(this.lastId, { ...message, id: this.lastId });
    return this.#write(message.date, 1, { what: 'new', id: this.lastId });
  }

  edit(id: number, text: string, date: number): Logged {
    const message = this.messages.get(id)!;
    message.text = text;
    message.editDate = date;
    return this.#write(date, 1, { what: 'edit', id });
  }

  delete(ids: readonly number[], date: number): Logged {
    for (const id of ids) this.messages.get(id)!.deleted = true;
    return this.#write(date, ids.length, { what: 'delete', ids });
  }

  /** Counts nothing, as reads often do. */
  read(id: number, date: number): Logged {
    return this.#write(date, 0, { what: 'read', id });
  }

  alive(): ServerMessage[] {
    return [...this.messages.values()].filter((message) => message.deleted !== true);
  }

  /** The update that tells of this event, with what the message says now. */
  updateOf(logged: Logged): tl.TypeUpdate {
    const { pts, count: ptsCount, what } = logged;
    const channelId = this.channel;
    switch (what) {
      case 'new':
        return {
          _: channelId ? 'updateNewChannelMessage' : 'updateNewMessage',
          message: this.tl(logged.id),
          pts,
          ptsCount,
        };
      case 'edit':
        return {
          _: channelId ? 'updateEditChannelMessage' : 'updateEditMessage',
          message: this.tl(logged.id),
          pts,
          ptsCount,
        };
      case 'delete': {
        const messages = [...logged.ids];
        return channelId
          ? { _: 'updateDeleteChannelMessages', channelId, messages, pts, ptsCount }
          : { _: 'updateDeleteMessages', messages, pts, ptsCount };
      }
      case 'read':
        return channelId
          ? { _: 'updateReadChannelInbox', channelId, maxId: logged.id, stillUnreadCount: 0, pts }
          : {
              _: 'updateReadHistoryInbox',
              peer: this.messages.get(logged.id)!.peer,
              maxId: logged.id,
              stillUnreadCount: 0,
              pts,
              ptsCount,
            };
    }
  }

  tl(id: number): tl.TypeMessage {
    const message = this.messages.get(id);
    if (message === undefined || message.deleted === true)
      return { _: 'messageEmpty', id, ...(message ? { peerId: message.peer } : {}) };
    return {
      _: 'message',
      id,
      out: message.out,
      peerId: message.peer,
      fromId: { _: 'peerUser', userId: message.author },
      date: message.date,
      message: message.text,
      ...(message.editDate === undefined ? {} : { editDate: message.editDate }),
    };
  }

  /** What happened after `from`, at most `limit` events: edits collapsed to the newest, the deleted gone. */
  since(from: number, limit: number) {
    const after = this.log.filter(({ pts, count }) => pts > from && (count > 0 || pts > from));
    const events = after.slice(0, limit);
    const fresh = new Set(events.flatMap((event) => (event.what === 'new' ? [event.id] : [])));
    const latest = new Map(
      events.flatMap((event) => (event.what === 'edit' ? [[event.id, event.pts] as const] : [])),
    );
    const others = events.filter((event) => {
      if (event.what === 'new') return false;
      if (event.what !== 'edit') return true;
      return (
        !fresh.has(event.id) &&
        latest.get(event.id) === event.pts &&
        this.messages.get(event.id)!.deleted !== true
      );
    });
    const sent = [...fresh]
      .map((id) => this.messages.get(id)!)
      .filter((message) => message.randomId !== undefined);
    return {
      newMessages: [...fresh].map((id) => this.tl(id)).filter((message) => message._ === 'message'),
      otherUpdates: [
        ...sent.map((message): tl.TypeUpdate => ({
          _: 'updateMessageID',
          id: message.id,
          randomId: message.randomId!,
        })),
        ...others.map((event) => this.updateOf(event)),
      ],
      pts: events.at(-1)?.pts ?? this.pts,
      whole: events.length === after.length,
      count: after.length,
    };
  }

  #write(
    date: number,
    count: number,
    event: { what: 'new' | 'edit' | 'read'; id: number } | { what: 'delete'; ids: readonly number[] },
  ): Logged {
    this.pts += count;
    this.changedAt = date;
    const logged: Logged = { ...event, pts: this.pts, count };
    this.log.push(logged);
    return logged;
  }
}
