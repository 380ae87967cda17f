/** Whether a backend group has what we need; Telegram is asked every time, so that `doctor` tells the truth. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import { markedId, peerParts } from '../../domain/ids.js';
import type { GroupCheck } from '../../ports/telegram.js';
import type { PeerDirectory } from './peer-directory.js';

export function createGroupCheck(directory: Pick<PeerDirectory, 'fetchChannel'>): GroupCheck {
  return {
    async checkGroup(owner, group) {
      const marked = markedId(group);
      const channel =
        peerParts(group).kind === 'channel' ? await directory.fetchChannel(owner, group) : undefined;
      if (channel === undefined || channel.left === true) throw new GatewayError('GROUP_UNKNOWN', marked);
      if (channel.forum !== true) throw new GatewayError('GROUP_NOT_FORUM', marked);
      if (!mayManageTopics(channel)) throw new GatewayError('GROUP_RIGHTS', marked);
      return channel.title;
    },
  };
}

function mayManageTopics({ creator, adminRights }: tl.RawChannel): boolean {
  return creator === true || adminRights?.manageTopics === true;
}
