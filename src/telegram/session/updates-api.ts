/** The calls that the update engine makes, over one session's link. */

import type { tl } from '@mtcute/tl';
import { long } from '../tl/long.js';

import type { ChannelRef, UpdatesApi, WithPeers } from '../updates/ports.js';
import { GatewayError } from '../../domain/errors.js';
import type { Caller } from '../link/link.js';

/** `final` answers mean that nothing more is waiting at Telegram; a `slice` that more is to come. */
export type CatchUp = 'slice' | 'final';

/** `accessHash` finds the hash of a channel that the engine does not know; without one, 0 is asked with, as bots may. */
export function createUpdatesApi(
  caller: Caller,
  bot: boolean,
  accessHash: (channel: number) => Promise<string | undefined>,
  onCatchUp: (progress: CatchUp) => void,
): UpdatesApi {
  async function input(channel: ChannelRef): Promise<tl.RawInputChannel> {
    const hash = channel.accessHash ?? (await accessHash(channel.id)) ?? '0';
    return { _: 'inputChannel', channelId: channel.id, accessHash: long(hash) };
  }

  return {
    async getState() {
      const state = await caller.call({ _: 'updates.getState' });
      onCatchUp('final');
      return state;
    },
    async getDifference({ pts, qts, date }) {
      const answer = await caller.call({ _: 'updates.getDifference', pts, qts, date });
      onCatchUp(answer._ === 'updates.differenceSlice' ? 'slice' : 'final');
      return answer;
    },
    async getChannelDifference(channel, pts, limit) {
      return caller.call({
        _: 'updates.getChannelDifference',
        channel: await input(channel),
        filter: { _: 'channelMessagesFilterEmpty' },
        pts,
        limit,
      });
    },
    async getChannelState(channel) {
      return bot ? fullChannelState(caller, await input(channel)) : dialogState(caller, await input(channel));
    },
    async getMessages(channel, ids) {
      const id: tl.TypeInputMessage[] = ids.map((each) => ({ _: 'inputMessageID', id: each }));
      return withPeers(
        channel === undefined
          ? await caller.call({ _: 'messages.getMessages', id })
          : await caller.call({ _: 'channels.getMessages', channel: await input(channel), id }),
      );
    },
  };
}

async function fullChannelState(caller: Caller, channel: tl.RawInputChannel): Promise<{ pts: number }> {
  const { fullChat } = await caller.call({ _: 'channels.getFullChannel', channel });
  if (fullChat._ !== 'channelFull') throw unexpected(fullChat._);
  return { pts: fullChat.pts };
}

async function dialogState(
  caller: Caller,
  { channelId, accessHash }: tl.RawInputChannel,
): Promise<{ pts: number; topMsgId?: number }> {
  const { dialogs } = await caller.call({
    _: 'messages.getPeerDialogs',
    peers: [{ _: 'inputDialogPeer', peer: { _: 'inputPeerChannel', channelId, accessHash } }],
  });
  const dialog = dialogs[0];
  if (dialog?._ !== 'dialog' || dialog.pts === undefined) throw unexpected('dialog');
  return { pts: dialog.pts, topMsgId: dialog.topMessage };
}

function withPeers(
  answer: tl.messages.TypeMessages,
): WithPeers & { readonly messages: readonly tl.TypeMessage[] } {
  if (answer._ === 'messages.messagesNotModified') throw unexpected(answer._);
  return answer;
}

function unexpected(constructor: string): GatewayError {
  return new GatewayError('INTERNAL', `unexpected ${constructor}`);
}
