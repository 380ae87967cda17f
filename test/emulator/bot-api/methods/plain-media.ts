import { randomInt } from 'node:crypto';
import type { Tl } from '../../types.js';
import { chatOf, type Call, type Method } from '../call.js';
import { badRequest } from '../errors.js';
import type { Json } from '../../http/json.js';
import type { Params } from '../params.js';
import { draftOptions } from '../read/draft.js';
import { messageJson } from '../render/message.js';

/** Highest value by emoji (core.telegram.org/bots/api#senddice). */
const DICE: Readonly<Record<string, number>> = { '🎲': 6, '🎯': 6, '🎳': 6, '🏀': 5, '⚽': 5, '🎰': 64 };

/** Posting what has no file. */
export const PLAIN_MEDIA: Readonly<Record<string, Method>> = {
  sendLocation: (call) => sendPlain(call, locationTl(call.params)),
  sendVenue: (call) => sendPlain(call, venueTl(call.params)),
  sendContact: (call) => sendPlain(call, contactTl(call.params)),
  sendDice: (call) => sendPlain(call, diceTl(call.params)),
  sendPoll: (call) => sendPlain(call, pollTl(call.params)),
};

function sendPlain(call: Call, tl: Tl): Json {
  const to = chatOf(call);
  const message = call.actor.send(to, { media: { kind: 'plain', tl }, ...draftOptions(call, to) });
  return messageJson(call, message);
}

function locationTl(params: Params): Tl {
  const period = params.int('live_period');
  if (period === undefined) return { _: 'messageMediaGeo', geo: geoTl(params) };
  return { _: 'messageMediaGeoLive', geo: geoTl(params), period };
}

function geoTl(params: Params): Tl {
  const accuracy = params.int('horizontal_accuracy');
  return {
    _: 'geoPoint',
    lat: required(params, 'latitude'),
    long: required(params, 'longitude'),
    access_hash: 0n,
    ...(accuracy === undefined ? {} : { accuracy_radius: accuracy }),
  };
}

function required(params: Params, name: string): number {
  const value = params.number(name);
  if (value === undefined) throw badRequest(`${name} is empty`);
  return value;
}

function venueTl(params: Params): Tl {
  return {
    _: 'messageMediaVenue',
    geo: geoTl(params),
    title: params.requiredText('title'),
    address: params.requiredText('address'),
    provider: '',
    venue_id: '',
    venue_type: '',
  };
}

function contactTl(params: Params): Tl {
  return {
    _: 'messageMediaContact',
    phone_number: params.requiredText('phone_number'),
    first_name: params.requiredText('first_name'),
    last_name: params.text('last_name') ?? '',
    vcard: params.text('vcard') ?? '',
    user_id: 0n,
  };
}

function diceTl(params: Params): Tl {
  const emoticon = params.text('emoji') ?? '🎲';
  const max = DICE[emoticon];
  if (!max) throw badRequest('invalid dice emoji');
  return { _: 'messageMediaDice', emoticon, value: randomInt(1, max + 1) };
}

let nextPoll = 4_500_000_000_000_000_001n;

/** Nobody votes in this Telegram: the counts stay at 0. */
function pollTl(params: Params): Tl {
  const options = (params.list('options') ?? []).map(optionText);
  if (options.length < 2) throw badRequest('poll must have at least 2 option');
  if (options.length > 12) throw badRequest("poll can't have more than 12 options");
  return {
    _: 'messageMediaPoll',
    poll: {
      _: 'poll',
      id: nextPoll++,
      question: wordsTl(params.requiredText('question')),
      answers: options.map((text, index) => ({
        _: 'pollAnswer',
        text: wordsTl(text),
        option: Buffer.from([index]),
      })),
      ...(params.text('is_anonymous') === 'false' ? { public_voters: true } : {}),
      ...(params.flag('allows_multiple_answers') ? { multiple_choice: true } : {}),
      ...(params.text('type') === 'quiz' ? { quiz: true } : {}),
    },
    results: { _: 'pollResults' },
  };
}

/** A text, or InputPollOption. */
function optionText(option: unknown): string {
  const text = typeof option === 'object' && option !== null ? (option as { text?: unknown }).text : option;
  if (typeof text !== 'string' || text === '') throw badRequest("can't parse options: expected texts");
  return text;
}

function wordsTl(text: string): Tl {
  return { _: 'textWithEntities', text, entities: [] };
}
