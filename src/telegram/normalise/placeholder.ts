/** Kinds of media that are shown by name: the name, and what of them can be said in words. */

import type { tl } from '@mtcute/tl';

export interface Placeholder {
  /** Plain name of the kind. */
  readonly name: string;
  /** One line or several; may be empty. */
  readonly words: string;
}

type Carried = 'messageMediaEmpty' | 'messageMediaPhoto' | 'messageMediaDocument' | 'messageMediaWebPage';
export type OtherMedia = Exclude<tl.TypeMessageMedia, { _: Carried }>;

/** The placeholder of a medium that is no file and no link preview. */
export function placeholderOf(media: OtherMedia): Placeholder {
  switch (media._) {
    case 'messageMediaGeo':
      return { name: 'location', words: geoWords(media.geo) };
    case 'messageMediaGeoLive':
      return { name: 'live location', words: geoWords(media.geo) };
    case 'messageMediaVenue':
      return { name: 'venue', words: lines(media.title, media.address, geoWords(media.geo)) };
    case 'messageMediaContact':
      return { name: 'contact', words: lines(`${media.firstName} ${media.lastName}`.trim(), phone(media)) };
    case 'messageMediaPoll':
      return { name: media.poll.quiz === true ? 'quiz' : 'poll', words: pollWords(media.poll) };
    case 'messageMediaToDo':
      return { name: 'checklist', words: todoWords(media.todo) };
    case 'messageMediaDice':
      return { name: 'dice', words: `${media.emoticon} ${media.value}` };
    case 'messageMediaGame':
      return { name: 'game', words: media.game.title };
    case 'messageMediaInvoice':
      return { name: 'invoice', words: lines(media.title, media.description) };
    default:
      return { name: namesOnly[media._], words: '' };
  }
}

const namesOnly = {
  messageMediaStory: 'story',
  messageMediaGiveaway: 'giveaway',
  messageMediaGiveawayResults: 'giveaway results',
  messageMediaPaidMedia: 'paid media',
  messageMediaVideoStream: 'live stream',
  messageMediaUnsupported: 'unsupported message',
} as const;

function lines(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

function geoWords(geo: tl.TypeGeoPoint): string {
  return geo._ === 'geoPoint' ? `${geo.lat.toFixed(6)}, ${geo.long.toFixed(6)}` : '';
}

function phone({ phoneNumber }: tl.RawMessageMediaContact): string {
  return phoneNumber === '' || phoneNumber.startsWith('+') ? phoneNumber : `+${phoneNumber}`;
}

function pollWords(poll: tl.TypePoll): string {
  return lines(poll.question.text, ...poll.answers.map(({ text }) => `◦ ${text.text}`));
}

function todoWords(todo: tl.TypeTodoList): string {
  return lines(todo.title.text, ...todo.list.map(({ title }) => `◦ ${title.text}`));
}
