/** How a session reacts to the protocol's own messages (core.telegram.org/mtproto/service_messages). */

import type { mtp, tl } from '@mtcute/tl';
import { GatewayError } from '../../domain/errors.js';
import { toBigInteger, type Sender, type SenderState } from './gramjs.js';
import { fromLong, longBytes, toLong } from '../tl/long.js';
import type { MessageIds } from './message-ids.js';
import type { Item } from './packet.js';
import type { ReceivedIds } from './received-ids.js';

/** What a reaction may touch. */
export interface ServiceContext {
  readonly sender: Sender;
  readonly received: ReceivedIds;
  readonly listener: { pong(): void; newSession(): void };
  readonly ids: MessageIds;
  setSalt(salt: Buffer): void;
  acknowledge(msgId: bigint): void;
  /** Sends a message that wants no answer. */
  say(message: mtp.TlObject): void;
  refuse(state: SenderState, error: GatewayError): void;
  /** It may have been executed, and its answer will not come. */
  readonly lost: (state: SenderState) => void;
  /** How many of our messages this session has had to correct, this one included. */
  countCorrection(): number;
  /** A new session is the only way on. */
  restart(): void;
}

const MAX_CORRECTIONS = 8;

export function reactTo(message: mtp.TlObject, item: Item, context: ServiceContext): void {
  switch (message._) {
    case 'mt_pong':
      context.sender._pendingState.getAndDelete(fromLong(message.msgId));
      context.listener.pong();
      break;
    case 'mt_new_session_created':
      context.setSalt(longBytes(message.serverSalt));
      repeatOlderThan(fromLong(message.firstMsgId), context);
      context.listener.newSession();
      break;
    case 'mt_bad_server_salt':
      context.setSalt(longBytes(message.newServerSalt));
      repeat(message.badMsgId, context.sender);
      break;
    case 'mt_bad_msg_notification':
      correct(message, item, context);
      break;
    case 'mt_msg_detailed_info':
    case 'mt_msg_new_detailed_info':
      fetchAnswer(fromLong(message.answerMsgId), context);
      break;
    case 'mt_msgs_state_req':
      context.say({
        _: 'mt_msgs_state_info',
        reqMsgId: toLong(item.msgId),
        info: statesOf(message.msgIds, context.received),
      });
      break;
    case 'mt_msg_resend_req':
      for (const id of message.msgIds) repeat(id, context.sender);
      break;
    default:
      // Acknowledgements, future salts and the ends of sessions ask for nothing.
      break;
  }
}

/** Puts the message, or all that left in the container, into the queue again; they get new ids. */
function repeat(badMsgId: tl.Long, sender: Sender): void {
  sender._sendQueue.extend(sender._popStates(toBigInteger(fromLong(badMsgId))));
}

/** What a server says it has forgotten: everything that left before the first message it knows. */
function repeatOlderThan(
  firstMsgId: bigint,
  { sender, lost }: Pick<ServiceContext, 'sender' | 'lost'>,
): void {
  const first = toBigInteger(firstMsgId);
  const forgotten = sender._pendingState.values().filter((state) => {
    const left = state.containerId ?? state.msgId;
    return left?.lesser(first) === true;
  });
  for (const state of forgotten) {
    if (state.msgId !== undefined) sender._pendingState.getAndDelete(state.msgId);
    lost(state);
  }
  sender._sendQueue.extend(forgotten);
}

function correct(message: mtp.RawMt_bad_msg_notification, item: Item, context: ServiceContext): void {
  const { sender } = context;
  // Answers that contradict each other must not become a loop at the speed of the network.
  if (context.countCorrection() > MAX_CORRECTIONS) {
    context.restart();
    return;
  }
  switch (message.errorCode) {
    case 16:
    case 17:
      // Our ids are too low or too high: the id of this very message carries the server's clock.
      context.ids.follow(item.msgId);
      repeat(message.badMsgId, sender);
      break;
    case 20:
      repeat(message.badMsgId, sender);
      break;
    case 18:
    case 19:
    case 32:
    case 33:
    case 34:
    case 35:
      // Ids or numbers of this session are beyond repair; what is outstanding goes out again in the next one.
      context.restart();
      break;
    default:
      for (const state of sender._popStates(toBigInteger(fromLong(message.badMsgId)))) {
        context.refuse(state, new GatewayError('TELEGRAM_REFUSED', `bad message ${message.errorCode}`));
      }
  }
}

/** The server has an answer that it does not send by itself: fetched, unless it came already. */
function fetchAnswer(answerId: bigint, context: ServiceContext): void {
  if (context.received.has(answerId)) context.acknowledge(answerId);
  else context.say({ _: 'mt_msg_resend_req', msgIds: [toLong(answerId)] });
}

/** 4: received, 1: nothing is known about it. */
function statesOf(ids: readonly tl.Long[], received: ReceivedIds): Uint8Array {
  return Uint8Array.from(ids, (id) => (received.has(fromLong(id)) ? 4 : 1));
}
