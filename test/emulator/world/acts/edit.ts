import { isDeepStrictEqual } from 'node:util';
import { RpcError } from '../../types.js';
import type { Change } from '../actor.js';
import { automaticEntities } from '../entities.js';
import type { Body, Message, Peer } from '../model.js';
import { meter, messageAt, placeOf, type Place } from '../place.js';
import { may } from '../rights.js';
import type { Turn } from '../turn.js';

/** config.edit_time_limit, seconds; bots are exempt. */
export const EDIT_TIME_LIMIT = 172_800;

export function edit(turn: Turn, peer: Peer, id: number, change: Change): Message {
  const place = placeOf(turn, peer);
  const message = messageAt(place, id);
  const { body } = message;
  requireEditable(turn, place, body);
  const next = changed(body, change);
  const now = contentOf(body);
  if (isDeepStrictEqual(next, now)) throw new RpcError(400, 'MESSAGE_NOT_MODIFIED');
  if (!next.media && next.text.trim() === '') throw new RpcError(400, 'MESSAGE_EMPTY');
  meter(turn, place);
  apply(turn, body, next, isDeepStrictEqual({ ...next, markup: undefined }, { ...now, markup: undefined }));
  tellEdited(turn, place, message);
  return message;
}

/** Everybody who has the message learns its new state. */
export function tellEdited(turn: Turn, place: Place, message: Message): void {
  if (place.kind === 'channel') {
    turn.inChannel(place.channel, { kind: 'edit', message, count: 1 });
    return;
  }
  for (const [box, id] of message.body.copies) {
    const copy = box.messages.get(id);
    if (copy) turn.inBox(turn.world.account(box.owner.id), { kind: 'edit', message: copy, count: 1 });
  }
}

type Content = Pick<Body, 'text' | 'entities'> & { media: Body['media']; markup: Body['markup'] };

function contentOf(body: Body): Content {
  return { text: body.text, entities: body.entities, media: body.media, markup: body.markup };
}

function changed(body: Body, change: Change): Content {
  const text = change.text ?? body.text;
  const entities = change.text === undefined ? body.entities : automaticEntities(text, change.entities ?? []);
  const markup = change.markup === null ? undefined : (change.markup ?? body.markup);
  return { text, entities, media: change.media ?? body.media, markup };
}

function apply(turn: Turn, body: Body, next: Content, onlyMarkup: boolean): void {
  body.text = next.text;
  body.entities = next.entities;
  if (next.media) body.media = next.media;
  if (next.markup) body.markup = next.markup;
  else delete body.markup;
  body.editDate = turn.world.now();
  if (onlyMarkup) body.editHide = true;
  else delete body.editHide;
}

function requireEditable(turn: Turn, place: Place, body: Body): void {
  if (body.action) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  const channelEditor =
    place.kind === 'channel' && place.channel.broadcast && may(place.channel, turn.self.id, 'edit_messages');
  const author = body.authorId === turn.self.id && !body.forward;
  if (!author && !channelEditor) throw new RpcError(403, 'MESSAGE_AUTHOR_REQUIRED');
  if (!turn.self.bot && turn.world.now() - body.date > EDIT_TIME_LIMIT) {
    throw new RpcError(400, 'MESSAGE_EDIT_TIME_EXPIRED');
  }
}
