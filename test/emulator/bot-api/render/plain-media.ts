import type { Tl } from '../../types.js';
import type { Json } from '../../http/json.js';
import { digits } from './digits.js';

/** The Message fields of media without a file. Kinds that the Bot API has not give none. */
export function plainJson(tl: Tl): Json {
  switch (tl._) {
    case 'messageMediaGeo':
      return { location: location(tl) };
    case 'messageMediaGeoLive':
      return { location: { ...location(tl), live_period: tl['period'] } };
    case 'messageMediaVenue': {
      const { title, address } = tl;
      return { venue: { location: location(tl), title, address }, location: location(tl) };
    }
    case 'messageMediaContact':
      return { contact: contact(tl) };
    case 'messageMediaDice':
      return { dice: { emoji: tl['emoticon'], value: tl['value'] } };
    case 'messageMediaPoll':
      return { poll: poll(tl['poll'] as Tl) };
    default:
      return {};
  }
}

function location(tl: Tl): Json {
  const geo = tl['geo'] as Tl;
  const accuracy = geo['accuracy_radius'];
  return {
    latitude: geo['lat'],
    longitude: geo['long'],
    ...(accuracy === undefined ? {} : { horizontal_accuracy: accuracy }),
  };
}

function contact(tl: Tl): Json {
  const userId = Number(tl['user_id'] ?? 0);
  return {
    phone_number: tl['phone_number'],
    first_name: tl['first_name'],
    ...(tl['last_name'] ? { last_name: tl['last_name'] } : {}),
    ...(tl['vcard'] ? { vcard: tl['vcard'] } : {}),
    ...(userId > 0 ? { user_id: userId } : {}),
  };
}

function poll(tl: Tl): Json {
  const answers = (tl['answers'] ?? []) as Tl[];
  return {
    id: digits(tl['id']),
    question: words(tl['question']),
    options: answers.map((answer) => ({ text: words(answer['text']), voter_count: 0 })),
    total_voter_count: 0,
    is_closed: tl['closed'] === true,
    is_anonymous: tl['public_voters'] !== true,
    type: tl['quiz'] === true ? 'quiz' : 'regular',
    allows_multiple_answers: tl['multiple_choice'] === true,
  };
}

/** The text of a TL textWithEntities. */
function words(value: unknown): unknown {
  return (value as Tl | undefined)?.['text'] ?? '';
}
