import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Writer } from '../schema/bytes.js';
import { GZIP_PACKED } from '../schema/codec.js';
import type { Unwrapped } from '../schema/layers.js';
import { mtproto } from '../schema/mtproto.js';
import { RpcError, type Tl } from '../types.js';
import { SessionCaller } from './caller.js';
import type { Core } from './core.js';
import type { Matter } from './fault-desk.js';
import type { Place } from './place.js';
import type { Session } from './session.js';

const RPC_RESULT = 0xf35c6d01;
/** From this size on a result is packed; file bytes never are. */
const GZIP_FROM = 4096;
/** invokeAfterMsg waits this long for a call that was never seen. */
const AFTER_WAIT = 500;
/** They say nothing about what a session is for: every kind of channel starts with them. */
const NEUTRAL = new Set([
  'help.getConfig',
  'help.getNearestDc',
  'auth.importAuthorization',
  'auth.bindTempAuthKey',
]);

/** Runs one request of the API and posts its result; returns at once. */
export function runCall(place: Place): void {
  const { session, message } = place;
  const received = session.received.get(message.id);
  if (received !== undefined) received.call = 'running';
  session.calls.start(message.id, run(place));
}

/** Whether the call succeeded. */
async function run(place: Place): Promise<boolean> {
  const { core, session, message } = place;
  let unwrapped: Unwrapped;
  try {
    unwrapped = core.layers.readRequest(message.body);
  } catch (error) {
    core.onProblem(`INPUT_METHOD_INVALID: ${error instanceof Error ? error.message : 'no Error was thrown'}`);
    finish(place, errorBody(new RpcError(400, 'INPUT_METHOD_INVALID')));
    return false;
  }
  const { request, wrappers } = unwrapped;
  learn(session, request, wrappers);
  const waits = wrappers.flatMap(predecessors);
  try {
    if (waits.length > 0) await afterAll(place, waits);
    return await answer(place, request);
  } catch (error) {
    finish(place, errorBody(asRpcError(core, request._, error)));
    return false;
  }
}

/** What the wrappers tell about the session. */
function learn(session: Session, request: Tl, wrappers: readonly Tl[]): void {
  for (const wrapper of wrappers) {
    if (wrapper._ === 'invokeWithLayer') {
      session.layer = wrapper['layer'] as number;
      session.key.layer = session.layer;
    }
    if (wrapper._ === 'initConnection') session.key.device = wrapper;
  }
  const quiet = wrappers.some(({ _ }) => _ === 'invokeWithoutUpdates');
  if (quiet || request._.startsWith('upload.')) {
    if (session.use === 'fresh') session.use = 'files';
  } else if (!NEUTRAL.has(request._)) session.use = 'general';
}

function predecessors(wrapper: Tl): bigint[] {
  if (wrapper._ === 'invokeAfterMsg') return [wrapper['msg_id'] as bigint];
  return wrapper._ === 'invokeAfterMsgs' ? (wrapper['msg_ids'] as bigint[]) : [];
}

async function afterAll({ core, session }: Place, ids: readonly bigint[]): Promise<void> {
  for (const id of ids) {
    const ok = await session.calls.end(id, (act) => core.clock.after(AFTER_WAIT, act));
    if (ok === undefined) throw new RpcError(400, 'MSG_WAIT_TIMEOUT');
    if (!ok) throw new RpcError(400, 'MSG_WAIT_FAILED');
  }
}

async function answer(place: Place, request: Tl): Promise<boolean> {
  const { core, channel, session } = place;
  const name = request._;
  if (session.layer === 0) throw new RpcError(400, 'CONNECTION_NOT_INITED');
  const matter: Matter = { user: session.key.userId, method: name, dc: channel.dc };
  if (isLost(place, matter)) return false;
  const delay = core.desk.take(['call.delay'], matter);
  if (delay !== undefined) await new Promise<void>((resolve) => core.clock.after(delay.ms, resolve));
  const caller = new SessionCaller(session, channel);
  core.onCall({ caller, name, request });
  throwFault(core, matter);
  // Taken before the call runs: two calls at a time must not share one fault.
  const fault = core.desk.take(['call.garbage', 'call.answer-lost', 'call.close-after'], matter);
  const handler = Object.hasOwn(core.handlers, name) ? core.handlers[name] : undefined;
  if (handler === undefined) throw new RpcError(400, `not implemented: ${name}`);
  const body = core.layers.writeAnswer(session.layer, name, await handler(caller, request));
  if (fault?.name === 'call.answer-lost') {
    markAnswered(place);
    return true;
  }
  if (fault?.name === 'call.close-after') channel.close();
  const whole = name.startsWith('upload.') ? body : packed(body);
  finish(place, fault?.name === 'call.garbage' ? randomBytes(32) : whole);
  return true;
}

function throwFault(core: Core, matter: Matter): void {
  const fault = core.desk.take(['call.error', 'call.flood'], matter);
  if (fault?.name === 'call.error') throw new RpcError(fault.code, fault.text);
  if (fault?.name === 'call.flood') throw new RpcError(420, `FLOOD_WAIT_${fault.seconds}`);
}

/** Faults under which the request counts as never received. */
function isLost({ core, channel, session, message }: Place, matter: Matter): boolean {
  const fault = core.desk.take(['call.lost', 'call.close-before'], matter);
  if (fault === undefined) return false;
  session.received.forget(message.id);
  session.unacknowledge(message.id);
  if (fault.name === 'call.close-before') channel.close();
  return true;
}

function asRpcError(core: Core, name: string, error: unknown): RpcError {
  if (error instanceof RpcError) {
    if (error.message.startsWith('not implemented')) core.onProblem(error.message);
    return error;
  }
  core.onProblem(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : 'threw no Error'}`);
  return new RpcError(500, 'INTERNAL');
}

function markAnswered({ session, message }: Place): void {
  const received = session.received.get(message.id);
  if (received !== undefined) received.call = 'answered';
}

function finish(place: Place, body: Buffer): void {
  const { session, message } = place;
  markAnswered(place);
  if (!session.calls.takeDropped(message.id)) postResult(session, message.id, body);
}

/** Posts rpc_result; the session keeps it until it is acknowledged. */
export function postResult(session: Session, requestId: bigint, body: Buffer): void {
  const to = new Writer(body.length + 12);
  to.uint(RPC_RESULT);
  to.long(requestId);
  to.raw(body);
  session.postAnswer(requestId, to.done());
}

/** The bytes of one of the protocol's own objects. */
export function serviceBody(object: Tl): Buffer {
  const to = new Writer();
  mtproto.write(to, object);
  return to.done();
}

export function errorBody({ code, message }: RpcError): Buffer {
  return serviceBody({ _: 'rpc_error', error_code: code, error_message: message });
}

/** gzip_packed around a big body. */
export function packed(body: Buffer): Buffer {
  if (body.length < GZIP_FROM) return body;
  const to = new Writer();
  to.uint(GZIP_PACKED);
  to.bytes(gzipSync(body, { level: 1 }));
  return to.done();
}
