import { RpcError } from '../types.js';
import { actor } from './acting.js';
import type { Actor } from './actor.js';
import { MessageBox } from './box.js';
import { Callbacks } from './callbacks.js';
import { seconds, systemClock, type Clock } from './clock.js';
import type { Delivery, Listener } from './events.js';
import { Files } from './files.js';
import { Limits, type LimitSettings } from './limits.js';
import { general, newAccount, type BotDraft, type GroupDraft, type UserDraft } from './newcomers.js';
import type { Account, Channel, Member } from './model.js';
import { CREATOR_RIGHTS } from './rights.js';
import type { WorldState } from './state.js';

export interface WorldOptions {
  clock?: Clock;
  limits?: Partial<LimitSettings>;
  /** Where accounts and files live unless said otherwise; default 2. */
  dc?: number;
}

const FIRST_USER = 7_000_000_001;
const FIRST_CHANNEL = 2_000_000_001;

/**
 * The state of a Telegram: accounts, groups, messages, files. Nothing here knows of sessions or protocols: the
 * MTProto handlers and the Bot API both act through `actAs` and hear of everything through `listen`.
 */
export class World implements WorldState {
  readonly clock: Clock;
  readonly files: Files;
  readonly limits: Limits;
  readonly callbacks: Callbacks;
  readonly accounts = new Map<number, Account>();
  readonly channels = new Map<number, Channel>();
  /** DC of new accounts and files. */
  dc: number;
  readonly #listeners = new Set<Listener>();
  readonly #waiting: Delivery[] = [];
  #emitting = false;
  #nextUser = FIRST_USER;
  #nextChannel = FIRST_CHANNEL;
  #nextGroup = 13_000_000_000_000_001n;

  constructor(options: WorldOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.dc = options.dc ?? 2;
    this.files = new Files(
      () => this.now(),
      () => this.dc,
    );
    this.limits = new Limits(this.clock, options.limits);
    this.callbacks = new Callbacks(this.clock);
  }

  /** Seconds. */
  now(): number {
    return seconds(this.clock);
  }

  createUser(draft: UserDraft): Account {
    return this.#admit(newAccount(this.#freeId(), draft, this.dc));
  }

  /** Throws an Error when the id in the token is taken. */
  createBot(draft: BotDraft): Account {
    const id = draft.token ? Number(draft.token.split(':')[0]) : this.#freeId();
    const token = draft.token ?? `${id}:AA${String(id).repeat(4).slice(0, 33)}`;
    return this.#admit(newAccount(id, { ...draft, token }, this.dc));
  }

  /** A supergroup or channel, silently: no service messages, nobody is told. Act through `actAs` where that matters. */
  createGroup(draft: GroupDraft): Channel {
    const id = this.#nextChannel++;
    const date = this.now();
    const box = new MessageBox({ kind: 'channel', id });
    box.reserve(1);
    const member = (userId: number, fields: Partial<Member>): [number, Member] => [
      userId,
      { userId, status: 'member', date, inviterId: draft.creator, ...fields },
    ];
    const channel: Channel = {
      id,
      title: draft.title,
      about: '',
      broadcast: draft.broadcast ?? false,
      forum: draft.forum ?? false,
      date,
      creatorId: draft.creator,
      box,
      members: new Map([
        ...(draft.members ?? []).map((userId) => member(userId, {})),
        ...(draft.admins ?? []).map(({ id: userId, rights }) =>
          member(userId, { status: 'admin', rights: rights ?? CREATOR_RIGHTS, promotedBy: draft.creator }),
        ),
        member(draft.creator, { status: 'creator', rights: CREATOR_RIGHTS }),
      ]),
      topics: new Map([[1, general(draft.creator, date)]]),
      deleted: false,
      ...(draft.username === undefined ? {} : { username: draft.username }),
    };
    this.channels.set(id, channel);
    return channel;
  }

  /** Somebody's hands. `origin` is the session that acts: it is left out of the fan-out by listeners. */
  actAs(who: number | Account, origin?: object): Actor {
    return actor(this, typeof who === 'number' ? this.account(who) : who, origin);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called by every operation at its end. What a listener does in turn is told after what is being told now. */
  emit(deliveries: Delivery[]): void {
    this.#waiting.push(...deliveries);
    if (this.#emitting) return;
    this.#emitting = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#emitting = false;
    }
  }

  /** Throws USER_ID_INVALID for an id that nobody has. */
  account(id: number): Account {
    const account = this.accounts.get(id);
    if (!account) throw new RpcError(400, 'USER_ID_INVALID');
    return account;
  }

  /** Throws CHANNEL_INVALID for an unknown id, CHANNEL_PRIVATE for a deleted one. */
  channel(id: number): Channel {
    const channel = this.channels.get(id);
    if (!channel) throw new RpcError(400, 'CHANNEL_INVALID');
    if (channel.deleted) throw new RpcError(400, 'CHANNEL_PRIVATE');
    return channel;
  }

  byPhone(phone: string): Account | undefined {
    const digits = phone.replace(/\D/g, '');
    return this.#find((account) => account.phone === digits && digits !== '');
  }

  byToken(token: string): Account | undefined {
    return this.#find((account) => account.bot?.token === token);
  }

  byUsername(name: string): Account | Channel | undefined {
    const wanted = name.replace(/^@/, '').toLowerCase();
    const channel = [...this.channels.values()].find((one) => one.username?.toLowerCase() === wanted);
    return channel ?? this.#find((account) => account.username?.toLowerCase() === wanted);
  }

  /** A fresh album id. */
  groupId(): bigint {
    return this.#nextGroup++;
  }

  #freeId(): number {
    while (this.accounts.has(this.#nextUser)) this.#nextUser += 1;
    return this.#nextUser;
  }

  #admit(account: Account): Account {
    if (!Number.isSafeInteger(account.id) || this.accounts.has(account.id)) {
      throw new Error(`the account id ${account.id} is taken or no number`);
    }
    this.accounts.set(account.id, account);
    return account;
  }

  #find(test: (account: Account) => boolean): Account | undefined {
    for (const account of this.accounts.values()) if (test(account)) return account;
    return undefined;
  }
}
