import { createHash, randomInt } from 'node:crypto';
import { RpcError, type Tl } from '../types.js';
import type { StoredFile } from '../world/files.js';
import type { Media } from '../world/model.js';
import type { SignedAsk } from './ask.js';
import { bytes, flag, int, long, maybeObject, maybeText, object, objects, text } from './fields.js';
import { accessHash, fileReference } from './hashes.js';

/** InputMedia → media. Throws MEDIA_EMPTY, FILE_REFERENCE_EXPIRED, FILE_PART_X_MISSING …; unknown kinds MEDIA_INVALID. */
export function inputMedia(ask: SignedAsk, input: Tl): Media {
  const spoiler = flag(input, 'spoiler') ? { spoiler: true as const } : {};
  switch (input._) {
    case 'inputMediaUploadedPhoto':
      return { kind: 'photo', file: ask.world.files.photo(uploaded(ask, object(input, 'file'))), ...spoiler };
    case 'inputMediaUploadedDocument':
      return { kind: 'document', file: uploadedDocument(ask, input), ...spoiler };
    case 'inputMediaPhoto':
    case 'inputMediaDocument':
      return knownFile(ask, object(input, 'id'), spoiler);
    default:
      return { kind: 'plain', tl: plainMedia(input) };
  }
}

/** Checks id, access hash and reference of InputPhoto, InputDocument or a file location. */
export function checkedFile(ask: SignedAsk, input: Tl, error: string): StoredFile {
  const file = ask.world.files.get(long(input, 'id'));
  if (!file || long(input, 'access_hash') !== accessHash(ask.self.id, 'file', file.id)) {
    throw new RpcError(400, error);
  }
  const reference = bytes(input, 'file_reference');
  if (reference.equals(fileReference(ask.self.id, file))) return file;
  const expired = reference.length === 10 && reference[1] !== (file.generation & 0xff);
  throw new RpcError(400, expired ? 'FILE_REFERENCE_EXPIRED' : 'FILE_REFERENCE_INVALID');
}

function knownFile(ask: SignedAsk, input: Tl, spoiler: { spoiler?: true }): Media {
  const file = checkedFile(ask, input, 'MEDIA_EMPTY');
  return { kind: file.kind, file, ...spoiler };
}

function uploadedDocument(ask: SignedAsk, input: Tl): StoredFile {
  const thumb = maybeObject(input, 'thumb');
  return ask.world.files.document(uploaded(ask, object(input, 'file')), {
    mimeType: text(input, 'mime_type') || 'application/octet-stream',
    attributes: documentAttributes(input),
    ...(thumb ? { thumb: Buffer.concat(uploaded(ask, thumb)) } : {}),
  });
}

/** The file name of the upload stands in when no attribute names it. */
function documentAttributes(input: Tl): Tl[] {
  const attributes = objects(input, 'attributes');
  const name = maybeText(object(input, 'file'), 'name');
  const named = attributes.some(({ _ }) => _ === 'documentAttributeFilename');
  return named || !name ? attributes : [...attributes, { _: 'documentAttributeFilename', file_name: name }];
}

function uploaded(ask: SignedAsk, file: Tl): Buffer[] {
  const parts = ask.world.files.uploaded(ask.self.id, long(file, 'id'), int(file, 'parts'));
  const checksum = maybeText(file, 'md5_checksum') ?? '';
  if (checksum !== '') {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    if (hash.digest('hex') !== checksum.toLowerCase()) throw new RpcError(400, 'MD5_CHECKSUM_INVALID');
  }
  return parts;
}

function plainMedia(input: Tl): Tl {
  switch (input._) {
    case 'inputMediaGeoPoint':
      return { _: 'messageMediaGeo', geo: geoPoint(input) };
    case 'inputMediaGeoLive': {
      const { heading, proximity_notification_radius } = input;
      return {
        _: 'messageMediaGeoLive',
        geo: geoPoint(input),
        period: Number(input['period'] ?? 0),
        ...(heading === undefined ? {} : { heading }),
        ...(proximity_notification_radius === undefined ? {} : { proximity_notification_radius }),
      };
    }
    case 'inputMediaVenue':
      return { ...without(input, 'geo_point'), _: 'messageMediaVenue', geo: geoPoint(input) };
    case 'inputMediaContact':
      return { ...input, _: 'messageMediaContact', user_id: 0n };
    case 'inputMediaDice':
      return {
        _: 'messageMediaDice',
        emoticon: text(input, 'emoticon'),
        value: randomInt(1, 7),
      };
    case 'inputMediaPoll':
      return { _: 'messageMediaPoll', poll: poll(object(input, 'poll')), results: { _: 'pollResults' } };
    case 'inputMediaWebPage':
      return {
        _: 'messageMediaWebPage',
        manual: true,
        webpage: { _: 'webPageEmpty', id: 1n, url: text(input, 'url') },
      };
    case 'inputMediaEmpty':
      throw new RpcError(400, 'MEDIA_EMPTY');
    default:
      throw new RpcError(400, `not implemented: ${input._}`);
  }
}

let nextPoll = 4_000_000_000_000_000_001n;

function poll(input: Tl): Tl {
  return { ...input, id: nextPoll++ };
}

function geoPoint(input: Tl): Tl {
  const point = object(input, 'geo_point');
  return { ...point, _: 'geoPoint', access_hash: 0n };
}

function without(from: Tl, field: string): Tl {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== field)) as Tl;
}
