import type { Tl } from '../../types.js';
import type { StoredFile } from '../../world/files.js';
import type { Media } from '../../world/model.js';
import type { Call } from '../call.js';
import { badRequest } from '../errors.js';
import { parseFileId, type FileRef } from '../file-id.js';
import type { Params, Upload } from '../params.js';
import { kindOf, mimeTypeOf, type FileKind } from '../render/file-kind.js';
import { mediaAttributes, mimeTypeFor } from './attributes.js';

/** Names in Telegram's error texts. */
const SPOKEN: Readonly<Record<FileKind, string>> = {
  photo: 'photo',
  video: 'video',
  animation: 'animation',
  document: 'document',
  audio: 'audio',
  voice: 'voice',
  video_note: 'video note',
  sticker: 'sticker',
};

/** Where `params` says what is sent: the file under `field`, its measures beside it. */
export interface MediaSource {
  params: Params;
  field: string;
}

/** A file of the request, or one that the bot has seen before by its file_id. URLs are refused: nothing is fetched. */
export function readMedia(call: Call, kind: FileKind, { params, field }: MediaSource): Media {
  const spoiler = params.flag('has_spoiler') ? { spoiler: true as const } : {};
  const upload = params.upload(field);
  if (upload) return { ...stored(call, kind, upload, params), ...spoiler };
  const given = params.text(field);
  if (given === undefined) throw badRequest(`there is no ${SPOKEN[kind]} in the request`);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) {
    throw badRequest('failed to get HTTP URL content: this Telegram fetches nothing from the network');
  }
  const file = seenFile(call, given).file;
  requireKind(file, kind);
  return { kind: file.kind, file, ...spoiler };
}

/** The file of a file_id; ids of other bots are wrong ones. */
export function seenFile({ world, bot }: Call, fileId: string): FileRef & { file: StoredFile } {
  const ref = parseFileId(fileId);
  const file = ref?.botId === bot.id ? world.files.get(ref.fileId) : undefined;
  if (!ref || !file) throw badRequest('wrong file identifier/HTTP URL specified');
  return { ...ref, file };
}

/** Whatever it is, it may be sent again as a document, but not as anything else. */
function requireKind(file: StoredFile, kind: FileKind): void {
  const is = kindOf(file);
  const fits = is === kind || (kind === 'document' && file.kind === 'document');
  if (!fits) throw badRequest(`can't use file of type ${titled(is)} as ${titled(kind)}`);
}

function titled(kind: FileKind): string {
  return kind.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function stored({ world }: Call, kind: FileKind, upload: Upload, params: Params): Media {
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
  if (kind === 'photo') return { kind: 'photo', file: world.files.photo([upload.bytes]) };
  const thumb = params.upload('thumbnail') ?? params.upload('thumb');
  const file = world.files.document([upload.bytes], {
    mimeType: mimeTypeFor(kind) ?? sentMimeType(upload),
    attributes: [...mediaAttributes(kind, params), ...nameAttribute(kind, upload)],
    ...(thumb ? { thumb: thumb.bytes } : {}),
  });
  return { kind: 'document', file };
}

/** Libraries send octet-stream for everything; the file's name knows better. */
function sentMimeType({ name, mimeType }: Upload): string {
  return mimeType === undefined || mimeType === 'application/octet-stream' ? mimeTypeOf(name) : mimeType;
}

function nameAttribute(kind: FileKind, { name }: Upload): Tl[] {
  const nameless = kind === 'voice' || kind === 'video_note' || name === '';
  return nameless ? [] : [{ _: 'documentAttributeFilename', file_name: name }];
}
