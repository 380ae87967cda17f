import { seal } from '../crypto/message.js';
import { Writer } from '../schema/bytes.js';
import { mtproto } from '../schema/mtproto.js';
import type { Tl } from '../types.js';
import type { Clock } from './api.js';
import { CallLog } from './call-log.js';
import type { AuthKey } from './keys.js';
import type { IdKind, MessageIds } from './message-ids.js';
import { ReceivedIds } from './received.js';
import { currentSalt } from './salts.js';

const MSG_CONTAINER = 0x73f1f8dc;
/** Limits of one container. */
const CONTAINER_MESSAGES = 100;
const CONTAINER_BYTES = 512 * 1024;
/** A client that never acknowledges loses the oldest. */
const UNACKNOWLEDGED_MAX = 20_000;

/** Where a session's packets go. */
export interface Line {
  readonly open: boolean;
  send(packet: Buffer): void;
}

export interface Outgoing {
  readonly id: bigint;
  readonly seq: number;
  readonly body: Buffer;
}

/** What a session was used for: updates go to `general` ones, never to those that only moved files. */
export type Use = 'fresh' | 'files' | 'general';

/** What the sessions of one server share. */
export interface Shared {
  readonly clock: Clock;
  readonly ids: MessageIds;
  /** Messages leave in containers. */
  readonly containers: boolean;
}

/**
 * One MTProto session. It outlives its connections: content messages stay until the client acknowledges them and
 * leave again, under the same ids, when the session comes back on another connection.
 */
export class Session {
  readonly key: AuthKey;
  readonly id: Buffer;
  readonly name: string;
  readonly received: ReceivedIds;
  readonly calls = new CallLog();
  layer: number;
  use: Use = 'fresh';
  activeAt: number;
  announced = false;
  line: Line | undefined;
  /** A push that a fault keeps back until the next one. */
  heldPush: (() => void) | undefined;
  private readonly clock: Clock;
  private readonly ids: MessageIds;
  private readonly containers: boolean;
  private readonly unacknowledged = new Map<bigint, Outgoing>();
  private sequence = 0;
  private queue: Outgoing[] = [];
  private acknowledgements: bigint[] = [];
  private flushing = false;

  constructor(key: AuthKey, id: Buffer, { clock, ids, containers }: Shared) {
    this.key = key;
    this.id = id;
    this.name = id.toString('hex');
    this.clock = clock;
    this.containers = containers;
    this.layer = key.layer;
    this.activeAt = clock.now();
    this.received = new ReceivedIds(clock);
    this.ids = ids;
  }

  /** Messages that wait for the client's acknowledgement. */
  get waiting(): number {
    return this.unacknowledged.size;
  }

  /** Takes a connection; what was not acknowledged on another one leaves again. */
  attach(line: Line): void {
    if (this.line === line) return;
    this.line = line;
    this.queue = [...this.unacknowledged.values()];
    this.schedule();
  }

  /** Content messages are kept until acknowledged; others are lost without a connection. */
  post(body: Buffer, kind: IdKind, content: boolean): Outgoing {
    const message = { id: this.ids.next(kind), seq: this.sequence * 2 + (content ? 1 : 0), body };
    if (content) {
      this.sequence += 1;
      this.keep(message);
    }
    if (this.line !== undefined) {
      this.queue.push(message);
      this.schedule();
    }
    return message;
  }

  postService(object: Tl, kind: IdKind = 'answer', content = false): Outgoing {
    const to = new Writer(128);
    mtproto.write(to, object);
    return this.post(to.done(), kind, content);
  }

  /** Posts the result of a call, found again by the call's id. */
  postAnswer(requestId: bigint, body: Buffer): void {
    this.calls.setAnswer(requestId, this.post(body, 'answer', true).id);
  }

  /** Sends a call's result once more if it is still kept. */
  resendAnswer(requestId: bigint): void {
    const id = this.calls.answer(requestId);
    if (id !== undefined) this.resend(id);
  }

  /** Takes a call's kept result back (rpc_drop_answer). */
  withdrawAnswer(requestId: bigint): Outgoing | undefined {
    const message = this.unacknowledged.get(this.calls.answer(requestId) ?? 0n);
    if (message === undefined) return undefined;
    this.unacknowledged.delete(message.id);
    this.queue = this.queue.filter((queued) => queued !== message);
    return message;
  }

  acknowledge(clientId: bigint): void {
    this.acknowledgements.push(clientId);
    this.schedule();
  }

  /** A request that a fault lost is not acknowledged either. */
  unacknowledge(clientId: bigint): void {
    this.acknowledgements = this.acknowledgements.filter((id) => id !== clientId);
  }

  /** The connection is gone; the session is not. */
  detach(line: Line): void {
    if (this.line !== line) return;
    this.line = undefined;
    this.queue = [];
  }

  /** The client has these messages. */
  confirmed(ids: readonly bigint[]): void {
    for (const id of ids) this.unacknowledged.delete(id);
  }

  /** Sends a kept message once more, under its id; false: it isn't kept. */
  resend(id: bigint): boolean {
    const message = this.unacknowledged.get(id);
    if (message === undefined) return false;
    if (!this.queue.includes(message)) this.queue.push(message);
    this.schedule();
    return true;
  }

  /** Sends everything that waits, now. */
  flush(): void {
    this.flushing = false;
    if (this.line === undefined) return;
    this.flushAcknowledgements();
    const messages = this.queue;
    this.queue = [];
    if (!this.containers) for (const message of messages) this.send(message);
    else for (const group of groups(messages)) this.sendGroup(group);
  }

  private keep(message: Outgoing): void {
    this.unacknowledged.set(message.id, message);
    const [oldest] = this.unacknowledged.keys();
    if (this.unacknowledged.size > UNACKNOWLEDGED_MAX && oldest !== undefined)
      this.unacknowledged.delete(oldest);
  }

  private schedule(): void {
    if (this.flushing || this.line === undefined) return;
    this.flushing = true;
    setImmediate(() => this.flush());
  }

  private flushAcknowledgements(): void {
    if (this.acknowledgements.length === 0) return;
    const ids = this.acknowledgements;
    this.acknowledgements = [];
    for (const id of ids) {
      const received = this.received.get(id);
      if (received !== undefined) received.acknowledged = true;
    }
    this.postService({ _: 'msgs_ack', msg_ids: ids }, 'notice');
  }

  private sendGroup(group: readonly Outgoing[]): void {
    const [first] = group;
    if (first === undefined) return;
    if (group.length === 1) {
      this.send(first);
      return;
    }
    const to = new Writer(group.reduce((sum, { body }) => sum + body.length + 16, 64));
    to.uint(MSG_CONTAINER);
    to.uint(group.length);
    for (const { id, seq, body } of group) {
      to.long(id);
      to.int(seq);
      to.uint(body.length);
      to.raw(body);
    }
    this.send({ id: this.ids.next('answer'), seq: this.sequence * 2, body: to.done() });
  }

  private send({ id, seq, body }: Outgoing): void {
    const to = new Writer(body.length + 32);
    to.long(currentSalt(this.key, this.clock.now()));
    to.raw(this.id);
    to.long(id);
    to.int(seq);
    to.uint(body.length);
    to.raw(body);
    this.line?.send(seal(this.key.key, this.key.id, to.done()));
  }
}

function groups(messages: readonly Outgoing[]): Outgoing[][] {
  const found: Outgoing[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const last = found.at(-1);
    bytes += message.body.length;
    if (last === undefined || last.length === CONTAINER_MESSAGES || bytes > CONTAINER_BYTES) {
      found.push([message]);
      bytes = message.body.length;
    } else last.push(message);
  }
  return found;
}
