/** Files that lie at Telegram already, as the account that knows them sends them again. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { FileLocation } from '../media/file-token.js';
import { long } from '../tl/long.js';
import { present } from '../normalise/present.js';

/** A file of this account's own, without moving it. */
export function knownMedia(file: FileLocation, spoiler: boolean | undefined): tl.TypeInputMedia {
  const { fileReference } = file;
  const id = { id: long(file.id), accessHash: long(file.accessHash), fileReference };
  return file.type === 'photo'
    ? present<tl.RawInputMediaPhoto>({ _: 'inputMediaPhoto', id: { _: 'inputPhoto', ...id }, spoiler })
    : present<tl.RawInputMediaDocument>({
        _: 'inputMediaDocument',
        id: { _: 'inputDocument', ...id },
        spoiler,
      });
}

/** The answer of `messages.uploadMedia`, as an album's item. */
export function albumMedia(uploaded: tl.TypeMessageMedia): tl.TypeInputMedia {
  if (uploaded._ === 'messageMediaPhoto' && uploaded.photo?._ === 'photo') {
    const { id, accessHash, fileReference } = uploaded.photo;
    return present<tl.RawInputMediaPhoto>({
      _: 'inputMediaPhoto',
      id: { _: 'inputPhoto', id, accessHash, fileReference },
      spoiler: uploaded.spoiler,
    });
  }
  if (uploaded._ === 'messageMediaDocument' && uploaded.document?._ === 'document') {
    const { id, accessHash, fileReference } = uploaded.document;
    return present<tl.RawInputMediaDocument>({
      _: 'inputMediaDocument',
      id: { _: 'inputDocument', id, accessHash, fileReference },
      spoiler: uploaded.spoiler,
    });
  }
  throw new GatewayError('CONTENT_UNSUPPORTED', 'Telegram made neither a photo nor a document of it');
}
