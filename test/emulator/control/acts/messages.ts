import type { Tl } from '../../types.js';
import type { Draft } from '../../world/actor.js';
import { accountOf, actorOf, idsOf, placeOf, type Act, type Ask, type Json } from '../act.js';
import { mediaOf } from '../files.js';
import { ControlError, type Input } from '../input.js';
import { peerNamed } from '../names.js';
import { buttonOf } from './buttons.js';

/** What people (and bots, by hand) do with messages. */
export const MESSAGES: Readonly<Record<string, Act>> = {
  send: (ask) => idsOf(actorOf(ask).send(placeOf(ask), draftOf(ask))),
  sendAlbum: (ask) => {
    const files = ask.input.objects('files');
    const drafts = files.map((file, index) => ({
      ...options(ask.input),
      media: mediaOf(ask.world, file),
      ...(index === 0 ? textOf(ask.input) : {}),
    }));
    return { messages: actorOf(ask).sendAlbum(placeOf(ask), drafts).map(idsOf) };
  },
  forward: (ask) => {
    const from = peerNamed(ask.world, ask.input.text('from'));
    const to = peerNamed(ask.world, ask.input.text('to'));
    const topic = ask.input.maybeInt('topic');
    const messages = actorOf(ask).forward(from, idList(ask.input), to, {
      dropAuthor: ask.input.flag('dropAuthor'),
      ...(topic === undefined ? {} : { topic }),
    });
    return { messages: messages.map(idsOf) };
  },
  edit: (ask) => {
    const file = ask.input.object('file');
    const change = { ...textOf(ask.input), ...(file ? { media: mediaOf(ask.world, file) } : {}) };
    return idsOf(actorOf(ask).edit(placeOf(ask), ask.input.int('id'), change));
  },
  delete: (ask) => {
    const { count } = actorOf(ask).delete(placeOf(ask), idList(ask.input), ask.input.flag('revoke', true));
    return { count };
  },
  react: (ask) => {
    const reactions = ask.input.texts('emoji').map((emoticon): Tl => ({ _: 'reactionEmoji', emoticon }));
    return idsOf(actorOf(ask).react(placeOf(ask), ask.input.int('id'), reactions));
  },
  press,
  pin: (ask) => {
    actorOf(ask).pin(placeOf(ask), ask.input.int('id'), { unpin: ask.input.flag('unpin') });
    return {};
  },
  read: (ask) => {
    const { count } = actorOf(ask).read(placeOf(ask), ask.input.maybeInt('maxId') ?? 0);
    return { count };
  },
  typing: (ask) => {
    actorOf(ask).typing(placeOf(ask), undefined, ask.input.maybeInt('topic'));
    return {};
  },
  block: (ask) => {
    actorOf(ask).block(accountOf(ask, 'user').id, ask.input.flag('blocked', true));
    return {};
  },
  unblock: (ask) => {
    actorOf(ask).block(accountOf(ask, 'user').id, false);
    return {};
  },
  introduce: (ask) => {
    const names = ['firstName', 'lastName', 'username'] as const;
    const given = names.map((name) => [name, ask.input.maybeText(name)] as const);
    actorOf(ask).introduce(Object.fromEntries(given.filter(([, value]) => value !== undefined)));
    return {};
  },
};

/** `button` (its words) or `data`; with `wait`, what the bot answered within 15 s (null: nothing). */
async function press(ask: Ask): Promise<Json> {
  const actor = actorOf(ask);
  const place = placeOf(ask);
  const id = ask.input.int('id');
  const data = ask.input.maybeText('data');
  const bytes = data === undefined ? buttonOf(ask, actor, place, id) : Buffer.from(data);
  const query = actor.press(place, id, bytes);
  if (!ask.input.flag('wait')) return { queryId: String(query.id) };
  const answer = await ask.world.callbacks.wait(query.id);
  return { queryId: String(query.id), answer: answer ?? null };
}

function draftOf({ world, input }: Ask): Draft {
  const file = input.object('file');
  if (!file && !input.has('text')) throw new ControlError(`${input.what} needs "text" or "file".`);
  return { ...options(input), ...textOf(input), ...(file ? { media: mediaOf(world, file) } : {}) };
}

function textOf(input: Input): { text?: string } {
  const text = input.maybeText('text');
  return text === undefined ? {} : { text };
}

function options(input: Input): Draft {
  const topic = input.maybeInt('topic');
  const replyTo = input.maybeInt('replyTo');
  const quote = input.maybeText('quote');
  return {
    ...(topic === undefined ? {} : { topic }),
    ...(replyTo === undefined
      ? {}
      : { replyTo: { id: replyTo, ...(quote === undefined ? {} : { quote: { text: quote } }) } }),
    ...(input.flag('silent') ? { silent: true } : {}),
  };
}

/** `ids`, or one `id`. */
function idList(input: Input): number[] {
  const ids = [...input.ints('ids'), ...input.ints('id')];
  if (ids.length === 0) throw new ControlError(`${input.what} needs "ids".`);
  return ids;
}
