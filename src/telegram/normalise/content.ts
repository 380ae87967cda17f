/** What a message says: its text and its medium, or the name of a kind that is not carried. */

import type { tl } from '@mtcute/tl';

import { plain, type Content, type FormattedText } from '../../domain/content.js';
import { fromTlEntities } from './entities.js';
import { documentMedia, photoMedia } from './media.js';
import { placeholderOf } from './placeholder.js';

/** Pure; every message yields something to show. */
export function contentOf(message: tl.RawMessage): Content {
  const text: FormattedText = { text: message.message, entities: fromTlEntities(message.entities) };
  const { media } = message;
  if (media === undefined) return { text };
  switch (media._) {
    case 'messageMediaEmpty':
      return { text };
    case 'messageMediaWebPage':
      return text.text === ''
        ? { text: plain(pageUrl(media.webpage)), placeholder: 'link preview' }
        : { text };
    case 'messageMediaPhoto': {
      const photo = photoMedia(media.photo, media.spoiler);
      return photo === undefined ? { text, placeholder: 'expired photo' } : { text, media: photo };
    }
    case 'messageMediaDocument': {
      const document = documentMedia(media.document, media.spoiler);
      return document === undefined ? { text, placeholder: expiredName(media) } : { text, media: document };
    }
    default: {
      const { name, words } = placeholderOf(media);
      return { text: followed(text, words), placeholder: name };
    }
  }
}

/** Media that destroy themselves leave a message without a file behind. */
function expiredName({ round, voice, video }: tl.RawMessageMediaDocument): string {
  if (round === true) return 'expired video message';
  if (voice === true) return 'expired voice message';
  return video === true ? 'expired video' : 'expired file';
}

/** Words come after the text, so that its entities keep their offsets. */
function followed(text: FormattedText, words: string): FormattedText {
  if (words === '') return text;
  return text.text === '' ? plain(words) : { ...text, text: `${text.text}\n${words}` };
}

function pageUrl(page: tl.TypeWebPage): string {
  return page._ === 'webPageNotModified' ? '' : (page.url ?? '');
}
