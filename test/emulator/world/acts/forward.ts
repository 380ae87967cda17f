import { RpcError } from '../../types.js';
import type { Draft, ForwardOptions } from '../actor.js';
import type { Body, Forward, Message, Peer } from '../model.js';
import { messageAt, placeOf } from '../place.js';
import type { Turn } from '../turn.js';
import type { BodyFacts } from './post.js';
import { deliver, open, send } from './send.js';

/** Albums stay albums, under a new grouped id; service messages can't be forwarded. */
export function forward(turn: Turn, from: Peer, ids: number[], to: Peer, options: ForwardOptions): Message[] {
  if (ids.length === 0) throw new RpcError(400, 'MESSAGE_IDS_EMPTY');
  if (ids.length > 100) throw new RpcError(400, 'LIMIT_INVALID');
  const source = placeOf(turn, from);
  const bodies = ids.map((id) => messageAt(source, id).body);
  bodies.forEach(requireFree);
  const drafts = bodies.map((body, index) => draftOf(body, options, index));
  const place = open(turn, to, drafts);
  const albums = new Map<bigint, bigint>();
  return bodies.map((body, index) => {
    const draft = drafts[index];
    if (!draft) throw new RpcError(400, 'RANDOM_ID_EMPTY');
    return deliver(turn, place, draft, forwarded(turn, body, ids[index] ?? 0, options, albums));
  });
}

/** Bot API copyMessage: the content as new. `draft` words win over the original's. */
export function copy(turn: Turn, from: Peer, id: number, to: Peer, draft: Draft): Message {
  const { body } = messageAt(placeOf(turn, from), id);
  requireFree(body);
  const original: Draft = {
    text: body.text,
    entities: body.entities,
    ...(body.media ? { media: body.media } : {}),
  };
  return send(turn, to, { ...original, ...draft });
}

/** Service messages and protected ones can be neither forwarded nor copied. */
function requireFree(body: Body): void {
  if (body.action) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  if (body.noforwards) throw new RpcError(400, 'CHAT_FORWARDS_RESTRICTED');
}

function draftOf(body: Body, options: ForwardOptions, index: number): Draft {
  const randomId = options.randomIds?.[index];
  return {
    text: body.text,
    ...(body.media ? { media: body.media } : {}),
    ...(options.topic === undefined ? {} : { topic: options.topic }),
    ...(options.replyTo ? { replyTo: options.replyTo } : {}),
    ...(options.silent ? { silent: true } : {}),
    ...(options.noforwards ? { noforwards: true } : {}),
    ...(randomId === undefined ? {} : { randomId }),
  };
}

function forwarded(
  turn: Turn,
  body: Body,
  id: number,
  options: ForwardOptions,
  albums: Map<bigint, bigint>,
): BodyFacts {
  const bare = options.dropCaptions === true && body.media !== undefined;
  return {
    text: bare ? '' : body.text,
    entities: bare ? [] : body.entities,
    ...(body.media ? { media: body.media } : {}),
    ...(body.markup && !options.dropAuthor ? { markup: body.markup } : {}),
    ...(body.groupedId === undefined ? {} : { groupedId: albumOf(turn, body.groupedId, albums) }),
    ...(options.dropAuthor ? {} : { forward: originOf(body, id) }),
  };
}

function albumOf(turn: Turn, groupedId: bigint, albums: Map<bigint, bigint>): bigint {
  const fresh = albums.get(groupedId) ?? turn.world.groupId();
  albums.set(groupedId, fresh);
  return fresh;
}

/** A forward of a forward keeps the first origin. */
function originOf(body: Body, id: number): Forward {
  if (body.forward) return body.forward;
  const post = body.from.kind === 'channel' ? { channelPost: id } : {};
  return { from: body.from, date: body.date, ...post };
}
