import { attribute, fileName, kindOf } from '../../bot-api/render/file-kind.js';
import type { Tl } from '../../types.js';
import type { Forward, Media, Message } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { digits } from '../../bot-api/render/digits.js';
import type { Json } from '../act.js';

/** A message as a web page or a checker wants it; ids are those of its box. */
export function messageView(world: World, message: Message): Json {
  const { id, body } = message;
  return {
    id,
    date: body.date,
    from: { kind: body.from.kind, id: body.from.id, name: nameOf(world, body.from) },
    authorId: body.authorId,
    text: body.text,
    ...(body.entities.length > 0 ? { entities: plain(body.entities) } : {}),
    ...(body.media ? { media: mediaView(body.media) } : {}),
    ...(body.action ? { action: plain(body.action) } : {}),
    ...referencesOf(world, message),
    ...(body.editDate === undefined || body.editHide ? {} : { editDate: body.editDate }),
    ...(body.pinned ? { pinned: true } : {}),
    ...(body.silent ? { silent: true } : {}),
    ...(body.markup ? { buttons: buttonsOf(body.markup) } : {}),
    ...(body.reactions.size > 0 ? { reactions: reactionsOf(body.reactions) } : {}),
  };
}

/** What the message points at: the one it replies to, where it was forwarded from, its album. */
function referencesOf(world: World, { box, body }: Message): Json {
  const { reply, forward, groupedId } = body;
  return {
    ...(reply ? { replyTo: reply.to.copies.get(box) ?? reply.origin.id } : {}),
    ...(reply?.quote ? { quote: reply.quote.text } : {}),
    ...(forward ? { forward: { from: forwardName(world, forward), date: forward.date } } : {}),
    ...(groupedId === undefined ? {} : { groupedId: String(groupedId) }),
  };
}

function forwardName(world: World, { from, fromName }: Forward): string {
  return from ? nameOf(world, from) : (fromName ?? '');
}

/** A person's or bot's name, a group's title. */
export function nameOf(world: World, peer: { kind: 'user' | 'channel'; id: number }): string {
  if (peer.kind === 'channel') return world.channels.get(peer.id)?.title ?? '';
  const account = world.accounts.get(peer.id);
  return [account?.firstName, account?.lastName].filter(Boolean).join(' ');
}

function mediaView(media: Media): Json {
  if (media.kind === 'plain') return { kind: media.tl._, facts: plain(media.tl) };
  const { file } = media;
  const duration = (attribute(file, 'documentAttributeVideo') ?? attribute(file, 'documentAttributeAudio'))?.[
    'duration'
  ];
  return {
    kind: kindOf(file),
    name: fileName(file) ?? null,
    size: file.size,
    mime: file.mimeType,
    file: String(file.id),
    ...(duration === undefined ? {} : { duration }),
    ...(media.spoiler ? { spoiler: true } : {}),
  };
}

/** Rows of words, with what a press would send or open. */
function buttonsOf(markup: Tl): Json[][] {
  const rows = (markup['rows'] ?? []) as Tl[];
  return rows.map((row) =>
    ((row['buttons'] ?? []) as Tl[]).map(({ text, data, url }) => ({
      text,
      ...(Buffer.isBuffer(data) ? { data: data.toString() } : {}),
      ...(url === undefined ? {} : { url }),
    })),
  );
}

function reactionsOf(reactions: Message['body']['reactions']): Json[] {
  return [...reactions].flatMap(([from, given]) =>
    given.reactions.map((reaction) => ({
      from,
      emoji: reaction['emoticon'] ?? `custom:${digits(reaction['document_id'])}`,
    })),
  );
}

/** TL as JSON: longs as decimal strings, bytes as base64. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
