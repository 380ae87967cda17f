import { createHash } from 'node:crypto';
import { readFile, type StoredFile } from '../world/files.js';
import type { World } from '../world/world.js';
import type { Json } from './act.js';
import { ControlError } from './input.js';
import { accountNamed, peerNamed } from './names.js';

/** `?file=ID` (as in /world), or `?chat=…&id=…` with `as=…` where the ids are somebody's own (private chats). */
export function fileAt(world: World, query: URLSearchParams): StoredFile {
  const given = query.get('file');
  const file = given === null ? ofMessage(world, query) : world.files.get(numeric(given));
  if (!file) throw new ControlError('There is no such file.');
  return file;
}

export function fileBytes(file: StoredFile): Buffer {
  return readFile(file, 0, file.size);
}

export function fileHash(file: StoredFile): Json {
  const hash = createHash('sha256');
  for (const chunk of file.chunks) hash.update(chunk);
  return { file: String(file.id), size: file.size, mime: file.mimeType, sha256: hash.digest('hex') };
}

function ofMessage(world: World, query: URLSearchParams): StoredFile | undefined {
  const peer = peerNamed(world, word(query, 'chat'));
  const box =
    peer.kind === 'channel' ? world.channel(peer.id).box : accountNamed(world, word(query, 'as')).box;
  const media = box.messages.get(Number(word(query, 'id')))?.body.media;
  return media && media.kind !== 'plain' ? media.file : undefined;
}

function word(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null)
    throw new ControlError(`GET /file needs "file", or "chat" and "id" (and "as" in private chats).`);
  return value;
}

function numeric(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new ControlError('"file" must be a number as GET /world shows it.');
  return BigInt(text);
}
