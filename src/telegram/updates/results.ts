/** Results of our own calls: they move the same counters as pushed updates, and they bind random ids to message ids. */
import type { tl } from '@mtcute/tl';
import Long from 'long';
import { containerOf, type Container } from './containers.js';
import type { Affected } from './protocol.js';
import type { BoxKey } from './state.js';
import { isNew, type NewMessage } from './synthetic.js';

export interface OwnResult {
  readonly container?: Container;
  /** Counted without a row: the caller learns them from the answer. */
  readonly muted: ReadonlySet<tl.TypeUpdate>;
  readonly affected?: Affected;
  /** Where the request acted: a channel only if the request names one. */
  readonly key: BoxKey;
}

/** Undefined: the result moves no counter of ours. */
export function ownResult(request: tl.RpcMethod, result: unknown, self: number): OwnResult | undefined {
  const inner = innerOf(request);
  if (inner === undefined || !isTl(result)) return undefined;
  const key = boxOfRequest(inner);
  if (isAffected(result)) {
    return { key, muted: new Set(), affected: { key, pts: result.pts, count: result.ptsCount } };
  }
  const updates = updatesIn(result);
  if (updates === undefined) return undefined;
  const container =
    updates._ === 'updateShortSentMessage' ? shortSent(inner, updates, key) : containerOf(updates, self);
  return container && { key, container, muted: mutedIn(container.updates) };
}

type TlObject = { readonly _: string };

function isTl(value: unknown): value is TlObject {
  return typeof value === 'object' && value !== null && '_' in value && typeof value._ === 'string';
}

type AffectedResult =
  tl.messages.RawAffectedMessages | tl.messages.RawAffectedHistory | tl.messages.RawAffectedFoundMessages;

function isAffected(result: TlObject): result is AffectedResult {
  return result._.startsWith('messages.affected');
}

const updateForms: ReadonlySet<string> = new Set<tl.TypeUpdates['_']>([
  'updates',
  'updatesCombined',
  'updateShort',
  'updateShortMessage',
  'updateShortChatMessage',
  'updateShortSentMessage',
]);

/** The result itself, or its field `updates` (invited users, payments). */
function updatesIn(result: TlObject): Exclude<tl.TypeUpdates, tl.RawUpdatesTooLong> | undefined {
  if (isUpdates(result)) return result;
  return 'updates' in result && isTl(result.updates) && isUpdates(result.updates)
    ? result.updates
    : undefined;
}

function isUpdates(value: TlObject): value is Exclude<tl.TypeUpdates, tl.RawUpdatesTooLong> {
  return updateForms.has(value._);
}

/** The request inside its wrappers; a call for a business connection moves the counters of its owner, not ours. */
function innerOf(request: tl.RpcMethod): TlObject | undefined {
  let inner: TlObject = request;
  while ('query' in inner && isTl(inner.query)) {
    if (inner._ === 'invokeWithBusinessConnection') return undefined;
    inner = inner.query;
  }
  return inner;
}

function boxOfRequest(request: TlObject): BoxKey {
  for (const field of ['channel', 'toPeer', 'peer'] as const) {
    const target: unknown = (request as Readonly<Record<string, unknown>>)[field];
    if (isTl(target) && 'channelId' in target && typeof target.channelId === 'number')
      return target.channelId;
  }
  return 'common';
}

/** The message stands in no box of ours as an event, but its id and number count. */
function shortSent(request: TlObject, sent: tl.RawUpdateShortSentMessage, key: BoxKey): Container {
  const { id, pts, ptsCount, date } = sent;
  const channel = key === 'common' ? {} : { peerId: { _: 'peerChannel', channelId: key } as const };
  const message: tl.RawMessageEmpty = { _: 'messageEmpty', id, ...channel };
  const updates: tl.TypeUpdate[] = [
    { _: key === 'common' ? 'updateNewMessage' : 'updateNewChannelMessage', message, pts, ptsCount },
  ];
  const randomId = 'randomId' in request ? request.randomId : undefined;
  if (isLong(randomId)) updates.push({ _: 'updateMessageID', id, randomId });
  return { updates, users: [], chats: [], date, seqStart: 0, seq: 0 };
}

/** As the TL types declare it: their `Long` and ours are one class under two declarations. */
function isLong(value: unknown): value is tl.RawUpdateMessageID['randomId'] {
  return Long.isLong(value);
}

function mutedIn(updates: readonly tl.TypeUpdate[]): ReadonlySet<tl.TypeUpdate> {
  const bound = new Set(updates.flatMap((update) => (update._ === 'updateMessageID' ? [update.id] : [])));
  return new Set(
    updates.filter((update) => isMessage(update) && (isOut(update.message) || bound.has(update.message.id))),
  );
}

function isMessage(
  update: tl.TypeUpdate,
): update is NewMessage | tl.RawUpdateEditMessage | tl.RawUpdateEditChannelMessage {
  return isNew(update) || update._ === 'updateEditMessage' || update._ === 'updateEditChannelMessage';
}

function isOut(message: tl.TypeMessage): boolean {
  return message._ === 'messageEmpty' || message.out === true;
}
