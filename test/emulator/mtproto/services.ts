import { Reader, TlError } from '../schema/bytes.js';
import { mtproto } from '../schema/mtproto.js';
import type { Tl } from '../types.js';
import { postResult, serviceBody } from './calls.js';
import type { Place } from './place.js';
import { futureSalts } from './salts.js';
import type { Session } from './session.js';

type Service = (object: Tl, place: Place) => void;

const idsOf = (object: Tl): bigint[] => object['msg_ids'] as bigint[];
const silent: Service = () => undefined;

/** The protocol's own messages, by name. */
const BY_NAME: Readonly<Record<string, Service>> = {
  msgs_ack: (object, { session }) => session.confirmed(idsOf(object)),
  msgs_state_req: (object, { session, message }) => {
    const info = Buffer.from(idsOf(object).map((id) => session.received.state(id)));
    session.postService({ _: 'msgs_state_info', req_msg_id: message.id, info });
  },
  msg_resend_req: (object, { session, message }) => {
    const missing = idsOf(object).filter((id) => !session.resend(id));
    // What isn't kept is answered as a state request (https://core.telegram.org/mtproto/service_messages_about_messages).
    if (missing.length === 0) return;
    const info = Buffer.from(missing.map((id) => session.received.state(id)));
    session.postService({ _: 'msgs_state_info', req_msg_id: message.id, info });
  },
  msgs_state_info: silent,
  msgs_all_info: silent,
  msg_detailed_info: silent,
  msg_new_detailed_info: silent,
  http_wait: silent,
  ping: pong,
  ping_delay_disconnect: (object, place) => {
    pong(object, place);
    place.channel.closeAfter((object['disconnect_delay'] as number) * 1000);
  },
  get_future_salts: (object, { core, session, message }) => {
    const now = core.clock.now();
    session.postService({
      _: 'future_salts',
      req_msg_id: message.id,
      now: Math.floor(now / 1000),
      salts: futureSalts(session.key, object['num'] as number, now),
    });
  },
  destroy_session: (object, { core, session }) => {
    const id = Buffer.alloc(8);
    id.writeBigInt64LE(object['session_id'] as bigint);
    const name = id.toString('hex');
    const known = name !== session.name && core.sessions.delete(session.key, name);
    session.postService({
      _: known ? 'destroy_session_ok' : 'destroy_session_none',
      session_id: object['session_id'],
    });
  },
  rpc_drop_answer: (object, { session, message }) => {
    postResult(session, message.id, serviceBody(dropAnswer(session, object['req_msg_id'] as bigint)));
  },
  destroy_auth_key: (_object, { core, session, message }) => {
    postResult(session, message.id, serviceBody({ _: 'destroy_auth_key_ok' }));
    session.flush();
    core.revoke(session.key);
  },
};

/** Constructor ids of the messages above. */
export const SERVICES: ReadonlyMap<number, Service> = new Map(
  Object.entries(BY_NAME).map(([name, service]) => [mtproto.combinator(name)?.id ?? 0, service]),
);

/** Answers one service message; an unreadable one is a problem for the log only. */
export function answerService(place: Place): void {
  const { core, message } = place;
  try {
    const object = mtproto.read(new Reader(message.body));
    BY_NAME[object._]?.(object, place);
  } catch (error) {
    if (!(error instanceof TlError)) throw error;
    core.onProblem(`unreadable service message: ${error.message}`);
  }
}

function pong(object: Tl, { session, message }: Place): void {
  session.postService({ _: 'pong', msg_id: message.id, ping_id: object['ping_id'] });
}

/** https://core.telegram.org/mtproto/service_messages#cancellation-of-an-rpc-query */
function dropAnswer(session: Session, requestId: bigint): Tl {
  const call = session.received.get(requestId)?.call;
  if (call === 'running') {
    session.calls.drop(requestId);
    return { _: 'rpc_answer_dropped_running' };
  }
  const answer = session.withdrawAnswer(requestId);
  if (answer === undefined) return { _: 'rpc_answer_unknown' };
  return { _: 'rpc_answer_dropped', msg_id: answer.id, seq_no: answer.seq, bytes: answer.body.length };
}
