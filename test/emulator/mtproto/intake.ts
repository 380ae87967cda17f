import { unseal } from '../crypto/message.js';
import { Reader, TlError } from '../schema/bytes.js';
import { GZIP_PACKED, inflate } from '../schema/codec.js';
import { TransportError } from '../transport/framing.js';
import { runCall } from './calls.js';
import type { Core } from './core.js';
import type { AuthKey } from './keys.js';
import { idFault } from './message-ids.js';
import type { Channel, Incoming, Place } from './place.js';
import { currentSalt, saltFits } from './salts.js';
import { answerService, SERVICES } from './services.js';
import type { Session } from './session.js';

const MSG_CONTAINER = 0x73f1f8dc;
const CONTAINER_MAX = 1024;

/** Takes a sealed packet: key, seal, session, salt, ids, then each message by itself. Errors: TransportError. */
export function receive(core: Core, channel: Channel, packet: Buffer): void {
  const found = core.keys.get(packet.toString('hex', 0, 8));
  // Each DC has its own keys.
  const key = found?.dc === channel.dc ? found : undefined;
  if (key !== undefined && channel.key !== key) channel.key = key;
  if (core.desk.take(['key.flood'], channel.matter()) !== undefined) {
    channel.fail(-429);
    return;
  }
  if (key === undefined || core.desk.take(['key.unknown'], channel.matter()) !== undefined) {
    channel.fail(-404);
    return;
  }
  const { salt, sessionId, message } = open(key, packet);
  const session = core.sessions.open(key, sessionId);
  session.attach(channel);
  const now = core.clock.now();
  session.activeAt = now;
  key.activeAt = now;
  key.address = channel.address;
  const code = idFault(message.id, now);
  if (code !== undefined) {
    complain(session, message, code);
    return;
  }
  if (!saltFits(key, salt, now)) {
    const fault = { bad_msg_id: message.id, bad_msg_seqno: message.seq, error_code: 48 };
    session.postService({ _: 'bad_server_salt', ...fault, new_server_salt: currentSalt(key, now) });
    return;
  }
  accept({ core, channel, session, message });
}

function open(key: AuthKey, packet: Buffer): { salt: bigint; sessionId: Buffer; message: Incoming } {
  // Padded transports leave up to 15 bytes behind the cipher text.
  const sealed = packet.subarray(0, packet.length - ((packet.length - 24) % 16));
  const plain = unseal(key.key, sealed);
  if (plain === undefined) throw new TransportError('a packet whose msg_key does not fit');
  const from = new Reader(plain);
  const salt = from.long();
  const sessionId = Buffer.from(from.raw(8));
  const id = from.long();
  const seq = from.int();
  const length = from.uint();
  const padding = from.left - length;
  if (length % 4 !== 0 || padding < 12 || padding > 1024)
    throw new TransportError('a packet of a wrong length');
  return { salt, sessionId, message: { id, seq, body: from.raw(length) } };
}

function accept({ core, channel, session, message }: Place): void {
  const messages = unpack(message);
  if (!session.announced) {
    session.announced = true;
    const first = messages.reduce((least, { id }) => (id < least ? id : least), message.id);
    session.postService(
      {
        _: 'new_session_created',
        first_msg_id: first,
        unique_id: session.id.readBigInt64BE(0) ^ BigInt(Math.floor(core.clock.now())),
        server_salt: currentSalt(session.key, core.clock.now()),
      },
      'notice',
      true,
    );
  }
  if (messages[0] !== message) {
    const code =
      session.received.get(message.id) === undefined
        ? session.received.fault(message.id, message.seq, false)
        : 19;
    if (code !== undefined) {
      complain(session, message, code);
      return;
    }
    session.received.add(message.id, message.seq);
  }
  for (const one of messages) takeOne({ core, channel, session, message: one });
}

function takeOne(place: Place): void {
  const { channel, session, message } = place;
  // A fault of an earlier message may have closed the line: what follows was never received.
  if (!channel.open) return;
  const known = session.received.get(message.id);
  if (known !== undefined) {
    session.acknowledge(message.id);
    session.resendAnswer(message.id);
    return;
  }
  if (message.id % 4n !== 0n) {
    complain(session, message, 18);
    return;
  }
  const id = message.body.length < 4 ? 0 : message.body.readUInt32LE(0);
  const service = SERVICES.has(id);
  const code = session.received.fault(message.id, message.seq, service ? undefined : true);
  if (code !== undefined) {
    complain(session, message, code);
    return;
  }
  session.received.add(message.id, message.seq);
  if (message.seq % 2 === 1) session.acknowledge(message.id);
  if (service) answerService(place);
  else runCall(place);
}

/** The messages of a container, or the message itself. */
function unpack(message: Incoming): readonly Incoming[] {
  const body = unpacked(message.body);
  if (body.length < 8 || body.readUInt32LE(0) !== MSG_CONTAINER) return [message];
  const from = new Reader(body, 4);
  const count = from.uint();
  if (count > CONTAINER_MAX) throw new TlError('a container of too many messages');
  return Array.from({ length: count }, () => {
    const id = from.long();
    const seq = from.int();
    return { id, seq, body: from.raw(from.uint()) };
  });
}

/** A container may be packed as a whole; anything else that is packed is a call's own matter. */
function unpacked(body: Buffer): Buffer {
  if (body.length < 8 || body.readUInt32LE(0) !== GZIP_PACKED) return body;
  try {
    return inflate(new Reader(body, 4).bytes());
  } catch (error) {
    if (error instanceof TlError) return body;
    throw error;
  }
}

function complain(session: Session, message: Incoming, code: number): void {
  const fault = { bad_msg_id: message.id, bad_msg_seqno: message.seq, error_code: code };
  session.postService({ _: 'bad_msg_notification', ...fault });
}
