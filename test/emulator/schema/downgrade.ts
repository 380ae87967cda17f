import type { Tl, TlValue } from '../types.js';
import { isTl } from './codec.js';
import type { Codec } from './codec.js';
import type { Combinator, Field } from './parse.js';

/** What stands for content that a layer has no constructor for, by the type of the place. */
const STAND_INS: Readonly<Record<string, Tl>> = {
  MessageMedia: { _: 'messageMediaUnsupported' },
  MessageAction: { _: 'messageActionEmpty' },
};

/** Updates whose older form has another name (layer 216 moved the topics to `messages`). */
const RENAMED: Readonly<Record<string, (object: Tl) => Tl | undefined>> = {
  updatePinnedForumTopic: ({ peer, topic_id, pinned }) => {
    if (!isTl(peer) || peer._ !== 'peerChannel') return undefined;
    return { _: 'updateChannelPinnedTopic', channel_id: peer['channel_id'], topic_id, pinned };
  },
  updatePinnedForumTopics: ({ peer, order }) => {
    if (!isTl(peer) || peer._ !== 'peerChannel') return undefined;
    return { _: 'updateChannelPinnedTopics', channel_id: peer['channel_id'], order };
  },
};

/** Zeroes for fields that an older constructor demands and the newest no longer has. */
const ZEROES: Readonly<Record<string, TlValue>> = { int: 0, long: 0n, double: 0, string: '', Bool: false };

/**
 * Rewrites an object of the newest layer into what `older` can write, as Telegram does for old clients: unknown
 * media and actions become their "unsupported" stand-in, unknown items leave their vector, unknown optional
 * fields are dropped. Undefined: nothing is left to say (an update kind that the layer doesn't have).
 */
export function downgrade(value: TlValue, type: string, older: Codec, newest: Codec): TlValue {
  const item = /^[Vv]ector<(.+)>$/.exec(type)?.[1];
  if (item !== undefined && Array.isArray(value))
    return value.map((one) => downgrade(one, item, older, newest)).filter((one) => one !== undefined);
  if (!isTl(value)) return value;
  const found = older.combinator(value._);
  if (found === undefined) {
    const renamed = RENAMED[value._]?.(value);
    return renamed === undefined ? STAND_INS[type] : downgrade(renamed, type, older, newest);
  }
  // A constructor that changed its type (or a place that did) can't be written here.
  if (found.type !== type && type !== 'X') return STAND_INS[type];
  return fit(value, found, older, newest);
}

function fit(value: Tl, found: Combinator, older: Codec, newest: Codec): Tl | undefined {
  const fitted: Tl = { _: value._ };
  for (const field of found.fields) {
    const own = value[field.name];
    const down = own === undefined || own === null ? own : downgrade(own, field.type, older, newest);
    if (down !== undefined && down !== null && isOf(field.type, down)) fitted[field.name] = down;
    else if (field.flag === undefined && field.type !== '#') {
      const zero = own === undefined ? zeroFor(field, newest.combinator(value._)) : undefined;
      // An object whose demanded part can't be said can't be said either.
      if (zero === undefined && own !== undefined) return undefined;
      fitted[field.name] = zero;
    }
  }
  return fitted;
}

function zeroFor(field: Field, newest: Combinator | undefined): TlValue {
  const stillThere = newest?.fields.some((other) => other.name === field.name && other.flag === undefined);
  // Missing in the newest layer as well: the handler's mistake, which the writer reports.
  if (stillThere !== false) return undefined;
  return field.type.startsWith('Vector<') ? [] : ZEROES[field.type];
}

/** Whether a field changed its kind between the layers (a string that became an object). */
function isOf(type: string, value: TlValue): boolean {
  const plain = type in ZEROES || type === 'bytes' || type === 'true' || type.startsWith('int');
  if (type.startsWith('Vector<')) return Array.isArray(value);
  return plain ? !isTl(value) && !Array.isArray(value) : isTl(value);
}
