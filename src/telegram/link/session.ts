import { randomBytes } from 'node:crypto';
import type { mtp, tl } from '@mtcute/tl';
import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import { rpcFailure, wantsInitialising } from '../rpc/errors.js';
import { readTl, writeTl } from '../tl/codec.js';
import { Acknowledgements } from './acknowledgements.js';
import { asBuffer, authKeyBytes, open, seal, type AuthKeyBytes } from './cipher.js';
import { newSender, newState, toBigInteger, type Sender, type SenderState } from './gramjs.js';
import { MessageIds } from './message-ids.js';
import type { Outgoing } from './outgoing.js';
import { asRpcError, asRpcResult, eachMessage, readPlaintext, unzipped } from './packet.js';
import type { Item, Plaintext, RpcResult } from './packet.js';
import { ReceivedIds } from './received-ids.js';
import { toLong } from '../tl/long.js';
import { reactTo } from './service-messages.js';
import type { Wire } from './wire.js';

/**
 * Why a session ended; `uninitialised`: Telegram has forgotten its initConnection; `transport` is Telegram's own code (404: the key
 * is unknown, 429: too many connections).
 */
export type SessionEnd =
  | { readonly type: 'closed' | 'silence' | 'security' | 'undecodable' | 'sequence' | 'uninitialised' }
  | { readonly type: 'transport'; readonly code: number };

/** All of it is called synchronously, in receive order. */
export interface SessionListener {
  /** Some packet came: the connection lives. */
  received(): void;
  updates(updates: tl.TypeUpdates): void;
  pong(): void;
  newSession(): void;
  undecodable(reason: string): void;
  /** Once, and nothing after it. */
  ended(end: SessionEnd): void;
}

export interface SessionOptions {
  readonly wire: Wire;
  readonly authKey: Uint8Array;
  /** 8 bytes; zeros where none is known (the server then names the right one). */
  readonly salt: Buffer;
  readonly timeOffsetSeconds: number;
  readonly clock: Clock;
  readonly listener: SessionListener;
}

interface Call {
  readonly outgoing: Outgoing;
  readonly sinceMs: number;
}

/** GramJS keeps no list of what has this constructor id (msgs_ack); the link keeps its own. */
const UNTRACKED = 1658238041;

/**
 * One MTProto session on one connection: GramJS's sender packs, numbers and repeats; everything that comes in, and all
 * cryptography, is ours, put in place of its methods on the instance.
 */
export class MtprotoSession {
  readonly #options: SessionOptions;
  readonly #auth: AuthKeyBytes;
  readonly #sender: Sender;
  readonly #id = randomBytes(8);
  readonly #received = new ReceivedIds();
  readonly #calls = new Map<SenderState, Call>();
  readonly #acks: Acknowledgements;
  readonly #ids: MessageIds;
  #salt: Buffer;
  #pings = 0;
  #corrections = 0;
  #ended = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#auth = authKeyBytes(options.authKey);
    this.#salt = options.salt;
    this.#ids = new MessageIds(options.clock, options.timeOffsetSeconds);
    this.#acks = new Acknowledgements(options.clock, (ids) => {
      this.#queue('constructor', 'msgs_ack', writeTl({ _: 'mt_msgs_ack', msgIds: ids.map(toLong) }));
    });
    this.#sender = newSender(options.authKey);
    this.#replaceMethods();
  }

  /** What the next session starts with. */
  get salt(): Buffer {
    return this.#salt;
  }

  get timeOffsetSeconds(): number {
    return this.#ids.offsetSeconds;
  }

  /** When the oldest call that has no answer was queued. */
  get waitingSinceMs(): number | undefined {
    return this.#calls.values().next().value?.sinceMs;
  }

  /** The wire must be connected. */
  async start(): Promise<void> {
    // GramJS would dial again by itself.
    if (!this.#options.wire.isConnected()) this.end({ type: 'closed' });
    else await this.#sender.connect(this.#options.wire, false);
  }

  send(outgoing: Outgoing): void {
    if (this.#ended) return;
    this.#acks.flush();
    const state = this.#queue('request', outgoing.method, outgoing.bytes);
    this.#calls.set(state, { outgoing, sinceMs: this.#options.clock.now() });
  }

  /** Forgets a call: it is not sent any more, and its answer is dropped. */
  drop(outgoing: Outgoing): void {
    for (const [state, call] of this.#calls) {
      if (call.outgoing !== outgoing) continue;
      this.#calls.delete(state);
      outgoing.sent ||= state.msgId !== undefined;
      if (state.msgId === undefined) remove(this.#sender._sendQueue._queue, state);
      else this.#sender._pendingState.getAndDelete(state.msgId);
      return;
    }
  }

  /** Telegram closes the connection if it hears nothing for `disconnectDelaySeconds` after this. */
  ping(disconnectDelaySeconds: number): void {
    if (this.#ended) return;
    const pingId = toLong(BigInt(++this.#pings));
    const ping = { _: 'mt_ping_delay_disconnect', pingId, disconnectDelay: disconnectDelaySeconds } as const;
    this.#queue('request', 'ping', writeTl(ping));
  }

  end(end: SessionEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#acks.stop();
    for (const [state, { outgoing }] of this.#calls) outgoing.sent ||= state.msgId !== undefined;
    this.#sender.userDisconnected = true;
    void this.#sender.disconnect();
    // Wakes the send loop, which then sees that it is over.
    this.#sender._sendQueue.append(undefined);
    this.#options.listener.ended(end);
  }

  #replaceMethods(): void {
    const sender = this.#sender;
    sender._state.encryptMessageData = async (data) =>
      seal(this.#auth, Buffer.concat([this.#salt, this.#id, data]));
    sender._state._getNewMsgId = () => toBigInteger(this.#ids.next());
    sender._state.decryptMessageData = async (packet) => this.#decrypt(asBuffer(packet));
    sender._processMessage = async (plaintext) => {
      if (plaintext !== undefined) this.#take(plaintext as Plaintext);
    };
    sender.reconnect = () => {
      this.end({ type: 'closed' });
    };
  }

  #queue(classType: 'request' | 'constructor', method: string, bytes: Uint8Array): SenderState {
    const className = method.toLowerCase();
    const state = newState({
      classType,
      className,
      CONSTRUCTOR_ID: UNTRACKED,
      getBytes: () => asBuffer(bytes),
    });
    this.#sender._sendQueue.append(state);
    return state;
  }

  #decrypt(packet: Buffer): Plaintext | undefined {
    if (packet.length < 24) {
      this.end({ type: 'transport', code: packet.length < 4 ? 0 : Math.abs(packet.readInt32LE(0)) });
      return undefined;
    }
    const plain = open(this.#auth, packet);
    if (plain === undefined) {
      this.end({ type: 'security' });
      return undefined;
    }
    const plaintext = readPlaintext(plain);
    // A packet of another session is dropped as the security guidelines ask, the connection stays.
    return plaintext?.sessionId.equals(this.#id) === true ? plaintext : undefined;
  }

  #take({ item }: Plaintext): void {
    if (this.#ended) return;
    this.#options.listener.received();
    const whole = eachMessage(item, (message) => {
      this.#takeMessage(message);
    });
    if (!whole) this.#options.listener.undecodable('container');
  }

  /** One message; whatever is wrong with it costs this message only. */
  #takeMessage(item: Item): void {
    if (item.acknowledge) this.#acks.add(item.msgId);
    if (!this.#received.add(item.msgId)) return;
    try {
      const body = unzipped(item.body);
      const result = asRpcResult(body);
      if (result !== undefined) this.#answer(result);
      else this.#dispatch(readTl(body), item);
    } catch (error) {
      this.#options.listener.undecodable(error instanceof Error ? error.name : 'unreadable');
    }
  }

  #dispatch(object: unknown, item: Item): void {
    if (isUpdates(object)) this.#options.listener.updates(object);
    else if (isNamed(object) && object._.startsWith('mt_')) this.#serve(object as mtp.TlObject, item);
    else this.#options.listener.undecodable('no update');
  }

  #answer({ requestId, body }: RpcResult): void {
    const state = this.#sender._pendingState.getAndDelete(requestId);
    const call = state === undefined ? undefined : this.#calls.get(state);
    if (state === undefined || call === undefined) return;
    this.#calls.delete(state);
    const answer = unzipped(body);
    const error = asRpcError(answer);
    const { outgoing } = call;
    if (error === undefined) {
      outgoing.settle(answer);
      return;
    }
    const failure = rpcFailure(error.code, error.text, outgoing.method, outgoing.sent);
    // Not settled: it goes out again on the next connection, after initConnection.
    if (wantsInitialising(failure)) this.end({ type: 'uninitialised' });
    else outgoing.settle(failure);
  }

  #serve(message: mtp.TlObject, item: Item): void {
    reactTo(message, item, {
      sender: this.#sender,
      received: this.#received,
      listener: this.#options.listener,
      ids: this.#ids,
      setSalt: (salt) => {
        this.#salt = salt;
      },
      acknowledge: (id) => {
        this.#acks.add(id);
      },
      say: (object) => {
        this.#queue('constructor', object._, writeTl(object));
      },
      refuse: (state, error) => {
        const outgoing = this.#calls.get(state)?.outgoing;
        this.#calls.delete(state);
        outgoing?.settle(outgoing.sent ? new GatewayError('ANSWER_LOST', outgoing.method) : error);
      },
      lost: (state) => {
        const call = this.#calls.get(state);
        if (call !== undefined) call.outgoing.sent = true;
      },
      countCorrection: () => ++this.#corrections,
      restart: () => {
        this.end({ type: 'sequence' });
      },
    });
  }
}

const UPDATES: ReadonlySet<string> = new Set<tl.TypeUpdates['_']>([
  'updates',
  'updatesCombined',
  'updatesTooLong',
  'updateShort',
  'updateShortMessage',
  'updateShortChatMessage',
  'updateShortSentMessage',
]);

function isUpdates(object: unknown): object is tl.TypeUpdates {
  return isNamed(object) && UPDATES.has(object._);
}

function isNamed(object: unknown): object is { readonly _: string } {
  return typeof object === 'object' && object !== null && '_' in object && typeof object._ === 'string';
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
