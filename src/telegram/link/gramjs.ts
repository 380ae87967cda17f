/**
 * Every name of GramJS that the link touches, public or private, in one place. The package keeps a whole client; only its
 * send loop, packing, sequence numbers and pending table are used (reference/mtproto.md §5.1).
 */

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import bigInt from 'big-integer';
import './no-local-storage.js';
import { AuthKey } from 'telegram/crypto/AuthKey.js';
import { Logger, LogLevel } from 'telegram/extensions/Logger.js';
import { MTProtoSender } from 'telegram/network/MTProtoSender.js';
import { RequestState } from 'telegram/network/RequestState.js';
import { GatewayError } from '../../domain/errors.js';

/** GramJS's long; only its decimal text and comparisons are used. */
export type BigInteger = bigInt.BigInteger;

/** A message on its way; `msgId` is there once it was packed, `containerId` when it left inside a container. */
export interface SenderState {
  readonly request: SenderRequest;
  readonly msgId?: BigInteger;
  readonly containerId?: BigInteger;
  resolve(): void;
}

/** What GramJS asks of a request object. */
export interface SenderRequest {
  /** `request` is content-related and waits for an answer, `constructor` is neither. */
  readonly classType: 'request' | 'constructor';
  /** The tl name in lower case: GramJS's own spelling would chain it to the sends before it by invokeAfterMsg. */
  readonly className: string;
  /** GramJS keeps a list of everything queued, but for the constructor id of msgs_ack. */
  readonly CONSTRUCTOR_ID: number;
  getBytes(): Buffer;
}

/** What the sender asks of a connection. */
export interface SenderConnection {
  isConnected(): boolean;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  send(data: Uint8Array): Promise<void>;
  recv(): Promise<Buffer>;
  toString(): string;
}

/** MTProtoSender with the private members that the link reads or replaces on the instance. */
export interface Sender {
  userDisconnected: boolean;
  _userConnected: boolean;
  readonly _state: {
    _getNewMsgId(): BigInteger;
    encryptMessageData(data: Buffer): Promise<Buffer>;
    decryptMessageData(body: Buffer): Promise<unknown>;
  };
  readonly _sendQueue: {
    _queue: (SenderState | undefined)[];
    append(state: SenderState | undefined): void;
    extend(states: readonly SenderState[]): void;
  };
  readonly _pendingState: {
    get(msgId: { toString(): string }): SenderState | undefined;
    getAndDelete(msgId: { toString(): string }): SenderState | undefined;
    values(): SenderState[];
  };
  _popStates(msgId: BigInteger): SenderState[];
  _processMessage(message: unknown): Promise<void>;
  reconnect(): void;
  connect(connection: SenderConnection, force: boolean): Promise<boolean>;
  disconnect(): Promise<void>;
}

/** Message packing refuses more than this; larger requests must not be queued at all (its refusal throws in the send loop). */
export const MAX_REQUEST_BYTES = 1_044_000;

/** The version whose private names are declared above. */
const VERSION = '2.26.22';

/** A sender that neither logs, nor makes keys, nor reconnects by itself. */
export function newSender(authKey: Uint8Array): Sender {
  requireVersion();
  const key = Buffer.from(authKey);
  const sender = new MTProtoSender(new AuthKey(key, createHash('sha1').update(key).digest()), {
    logger: new Logger(LogLevel.NONE),
    retries: 1,
    isMainSender: true,
    // The declared options are all mandatory, the real ones are merged with defaults.
  } as unknown as ConstructorParameters<typeof MTProtoSender>[1]);
  // GramJS declares these members private; the version check above is what makes this view of them true.
  return sender as unknown as Sender;
}

export function newState(request: SenderRequest): SenderState {
  // Only getBytes, classType, className and CONSTRUCTOR_ID of the declared class are ever used.
  return new RequestState(request as unknown as ConstructorParameters<typeof RequestState>[0]);
}

export function toBigInteger(value: bigint): BigInteger {
  return bigInt(value);
}

function requireVersion(): void {
  const { version } = createRequire(import.meta.url)('telegram/package.json') as { version: string };
  if (version !== VERSION) throw new GatewayError('INTERNAL', `GramJS ${version} instead of ${VERSION}`);
}
