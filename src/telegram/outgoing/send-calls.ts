/** The three calls that send: a text, one medium, an album. Each is prepared first, so that only the last step has an effect. */

import type { tl } from '@mtcute/tl';

import type { FormattedText } from '../../domain/content.js';
import { GatewayError } from '../../domain/errors.js';
import type { OutgoingPart, SendOrder } from '../../ports/telegram.js';
import type { Caller } from '../link/link.js';
import { toTlEntities } from '../normalise/entities.js';
import { long } from '../tl/long.js';
import { present } from '../normalise/present.js';
import { liveSession } from '../peers/session.js';
import { hasMedia } from './albums.js';
import { ofParts } from './failure.js';
import { albumMedia } from './known-media.js';
import { mentionedUsers } from './mentions.js';
import { prepareMedia, type MediaDeps, type MediaPart, type PreparedMedia } from './prepared-media.js';

/** Sends at last; may be called again under another reply while Telegram has refused it. */
export type SendCall = (replyTo: tl.RawInputReplyToMessage | undefined) => Promise<tl.TypeUpdates>;

/** Everything that one call needs of the order. */
interface Sending {
  readonly caller: Caller;
  readonly peer: tl.TypeInputPeer;
  readonly words: (text: FormattedText) => Promise<Words>;
}

/** `message` and `entities` as all three calls want them. */
interface Words {
  readonly message: string;
  readonly entities?: tl.TypeMessageEntity[];
}

/** Prepares one call; throws what preparing throws. */
export async function prepareCall(
  deps: MediaDeps,
  order: SendOrder,
  parts: readonly OutgoingPart[],
): Promise<SendCall> {
  const sending: Sending = {
    caller: liveSession(deps.sessionOf, order.owner),
    peer: await deps.peers.inputPeer(order.owner, order.peer),
    async words({ text, entities }) {
      const users = await mentionedUsers(deps.peers, order.owner, entities);
      const written = toTlEntities(entities, (user) => users.get(user));
      return written.length === 0 ? { message: text } : { message: text, entities: written };
    },
  };
  const [first, second] = parts;
  if (first === undefined) throw new GatewayError('CONTENT_UNSUPPORTED', 'it is empty');
  if (second !== undefined) return albumCall(deps, order, sending, parts.filter(hasMedia));
  return hasMedia(first) ? mediaCall(deps, order, sending, first) : textCall(sending, first);
}

async function textCall({ caller, peer, words }: Sending, part: OutgoingPart): Promise<SendCall> {
  const { text } = part.content;
  if (text.text.trim() === '') throw new GatewayError('CONTENT_UNSUPPORTED', 'it is empty');
  const written = await words(text);
  const randomId = long(part.randomId);
  return (replyTo) =>
    caller.call(
      present<tl.messages.RawSendMessageRequest>({
        _: 'messages.sendMessage',
        peer,
        replyTo,
        randomId,
        ...written,
      }),
    );
}

async function mediaCall(
  deps: MediaDeps,
  order: SendOrder,
  { caller, peer, words }: Sending,
  part: MediaPart,
): Promise<SendCall> {
  const written = await words(part.content.text);
  const prepared = await prepareMedia(deps, order.owner, part);
  const randomId = long(part.randomId);
  return (replyTo) =>
    renewing(prepared, (media) =>
      caller.call(
        present<tl.messages.RawSendMediaRequest>({
          _: 'messages.sendMedia',
          peer,
          replyTo,
          media,
          randomId,
          ...written,
        }),
      ),
    );
}

/** An album takes only files that lie at Telegram: every item is stored by `messages.uploadMedia` before. */
async function albumCall(
  deps: MediaDeps,
  order: SendOrder,
  { caller, peer, words }: Sending,
  parts: readonly MediaPart[],
): Promise<SendCall> {
  const multiMedia: tl.RawInputSingleMedia[] = [];
  for (const part of parts) {
    const media = await ofParts(order, [part], async () => {
      const prepared = await prepareMedia(deps, order.owner, part);
      return albumMedia(
        await renewing(prepared, (input) => caller.call({ _: 'messages.uploadMedia', peer, media: input })),
      );
    });
    multiMedia.push({
      _: 'inputSingleMedia',
      media,
      randomId: long(part.randomId),
      ...(await words(part.content.text)),
    });
  }
  return (replyTo) =>
    caller.call(
      present<tl.messages.RawSendMultiMediaRequest>({
        _: 'messages.sendMultiMedia',
        peer,
        replyTo,
        multiMedia,
      }),
    );
}

/** Once more with a fresh reference where the old one has expired: a refused call has had no effect. */
async function renewing<T>(
  prepared: PreparedMedia,
  call: (media: tl.TypeInputMedia) => Promise<T>,
): Promise<T> {
  try {
    return await call(prepared.media);
  } catch (thrown) {
    const fresh = await prepared.renewed(thrown);
    if (fresh === undefined) throw thrown;
    return call(fresh);
  }
}
