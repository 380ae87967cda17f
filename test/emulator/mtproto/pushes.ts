import { TlError, Writer } from '../schema/bytes.js';
import { isTl } from '../schema/codec.js';
import { RpcError, type Tl } from '../types.js';
import { errorBody, packed, postResult } from './calls.js';
import type { Core } from './core.js';
import type { FaultName } from './faults.js';
import type { AuthKey } from './keys.js';
import type { Session } from './session.js';

/** A constructor of no layer. */
const UNKNOWN = 0x0badc0de;
/** A request id that no client has used. */
const NO_REQUEST = 4n;
const TOO_LONG: Tl = { _: 'updatesTooLong' };
const PUSH_FAULTS = [
  'push.drop',
  'push.duplicate',
  'push.reorder',
  'push.delay',
  'push.too-long',
  'push.unknown',
  'push.error-first',
] as const;

/** Sends one Updates object to the given authorisations, each in its session's layer; faults may change it. */
export function pushTo(core: Core, keys: readonly AuthKey[], updates: Tl): void {
  const bodies = new Map<number, Buffer | undefined>();
  const bodyFor = (layer: number, object: Tl): Buffer | undefined => {
    if (object !== updates) return core.layers.write(layer, object);
    if (!bodies.has(layer)) bodies.set(layer, write(core, layer, object));
    return bodies.get(layer);
  };
  for (const key of keys) {
    const session = core.sessions.forUpdates(key);
    if (session === undefined) continue;
    try {
      pushOne(core, session, updates, bodyFor);
    } catch (error) {
      // One receiver's layer must not fail the act that everybody else hears of.
      if (!(error instanceof TlError)) throw error;
      core.onProblem(`push of ${updates._}: ${error.message}`);
    }
  }
}

function pushOne(
  core: Core,
  session: Session,
  updates: Tl,
  bodyFor: (layer: number, object: Tl) => Buffer | undefined,
): void {
  const matter = { user: session.key.userId, updates: namesIn(updates), dc: session.key.dc };
  const fault = core.desk.take(PUSH_FAULTS, matter);
  if (fault?.name === 'push.drop') return;
  const body = bodyFor(session.layer, fault?.name === 'push.too-long' ? TOO_LONG : updates);
  // An update kind that this layer doesn't have.
  if (body === undefined) return;
  const post = (): void => void session.post(body, 'notice', true);
  if (fault?.name === 'push.reorder') holdBack(session, post);
  else if (fault?.name === 'push.delay') core.clock.after(fault.ms, post);
  else postNow(session, fault?.name, post);
}

function postNow(session: Session, fault: FaultName | undefined, post: () => void): void {
  if (fault === 'push.unknown') session.post(unknownBody(), 'notice', true);
  if (fault === 'push.error-first') postResult(session, NO_REQUEST, errorBody(new RpcError(500, 'INTERNAL')));
  if (fault === 'push.duplicate') post();
  post();
  const held = session.heldPush;
  session.heldPush = undefined;
  held?.();
}

function holdBack(session: Session, post: () => void): void {
  const earlier = session.heldPush;
  session.heldPush = () => {
    earlier?.();
    post();
  };
}

/** Names that a fault's `when.update` may ask for. */
function namesIn(updates: Tl): string[] {
  const inner = Array.isArray(updates['updates']) ? updates['updates'] : [updates['update']];
  return [updates._, ...inner.filter(isTl).map(({ _ }) => _)];
}

function write(core: Core, layer: number, object: Tl): Buffer | undefined {
  const body = core.layers.write(layer, object);
  return body === undefined ? undefined : packed(body);
}

function unknownBody(): Buffer {
  const to = new Writer(8);
  to.uint(UNKNOWN);
  to.uint(0);
  return to.done();
}
