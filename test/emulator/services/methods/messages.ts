import { RpcError, type Tl } from '../../types.js';
import type { Signed, SignedAsk } from '../ask.js';
import { flag, int, ints, long, maybeBytes, maybeInt, maybeText, object, objects } from '../fields.js';
import { channelOf, peerOf } from '../peers.js';
import { containerTl } from '../render/container.js';

/** What is done to messages that stand already. */
export const MESSAGES: Readonly<Record<string, Signed>> = {
  'messages.deleteMessages': ({ actor, request }) =>
    affected(actor.delete(undefined, ints(request, 'id'), flag(request, 'revoke'))),
  'channels.deleteMessages': (ask) => {
    const peer = { kind: 'channel' as const, id: channelOf(ask).id };
    return affected(ask.actor.delete(peer, ints(ask.request, 'id')));
  },
  'messages.readHistory': (ask) => affected(ask.actor.read(peerOf(ask), int(ask.request, 'max_id'))),
  'channels.readHistory': (ask) => {
    ask.actor.read({ kind: 'channel', id: channelOf(ask).id }, int(ask.request, 'max_id'));
    return true;
  },
  'messages.sendReaction': (ask) => {
    const reactions = objects(ask.request, 'reaction').filter(({ _ }) => _ !== 'reactionEmpty');
    ask.actor.react(peerOf(ask), int(ask.request, 'msg_id'), reactions, flag(ask.request, 'big'));
    return containerTl(ask.view, ask.actor.own);
  },
  'messages.updatePinnedMessage': (ask) => {
    const options = { unpin: flag(ask.request, 'unpin'), silent: flag(ask.request, 'silent') };
    ask.actor.pin(peerOf(ask), int(ask.request, 'id'), options);
    return containerTl(ask.view, ask.actor.own);
  },
  'messages.unpinAllMessages': (ask) => {
    const { pts, count } = ask.actor.unpinAll(peerOf(ask), maybeInt(ask.request, 'top_msg_id'));
    return { _: 'messages.affectedHistory', pts, pts_count: count, offset: 0 };
  },
  'messages.setTyping': (ask) => {
    const topic = maybeInt(ask.request, 'top_msg_id');
    ask.actor.typing(peerOf(ask), object(ask.request, 'action'), topic);
    return true;
  },
  'messages.getBotCallbackAnswer': press,
  'messages.setBotCallbackAnswer': ({ actor, request }) => {
    const message = maybeText(request, 'message');
    const url = maybeText(request, 'url');
    actor.answerCallback(long(request, 'query_id'), {
      cacheTime: int(request, 'cache_time'),
      alert: flag(request, 'alert'),
      ...(message === undefined ? {} : { text: message }),
      ...(url === undefined ? {} : { url }),
    });
    return true;
  },
};

/** Waits for the bot, as long as Telegram waits. */
async function press(ask: SignedAsk): Promise<Tl> {
  const data = maybeBytes(ask.request, 'data') ?? Buffer.alloc(0);
  const query = ask.actor.press(peerOf(ask), int(ask.request, 'msg_id'), data);
  const answer = await ask.world.callbacks.wait(query.id);
  if (!answer) throw new RpcError(400, 'BOT_RESPONSE_TIMEOUT');
  return {
    _: 'messages.botCallbackAnswer',
    cache_time: answer.cacheTime,
    ...(answer.alert ? { alert: true } : {}),
    ...(answer.text === undefined ? {} : { message: answer.text }),
    ...(answer.url === undefined ? {} : { url: answer.url, has_url: true }),
  };
}

function affected({ pts, count }: { pts: number; count: number }): Tl {
  return { _: 'messages.affectedMessages', pts, pts_count: count };
}
