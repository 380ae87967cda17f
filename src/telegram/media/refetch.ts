/** The file of a message, read anew: that is how an expired file reference is replaced (core.telegram.org/api/file_reference). */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import { peerParts, type Peer } from '../../domain/ids.js';
import { contentOf } from '../normalise/content.js';
import { isRpcError } from '../rpc/errors.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { CallingSession } from '../peers/session.js';
import { decodeFile, type FileLocation } from './file-token.js';
import { unreadable } from './unreadable.js';

/** A message that carries the file, as the session that reads it sees it. */
export interface FileSource {
  readonly peer: Peer;
  readonly msgId: number;
}

/** Telegram says that the reference is too old; anything else is not repaired by reading the message again. */
export function isReferenceExpired(thrown: unknown): boolean {
  return isRpcError(
    thrown,
    'FILE_REFERENCE_EXPIRED',
    'FILE_REFERENCE_INVALID',
    'FILE_REFERENCE_EMPTY',
    'FILEREF_UPGRADE_NEEDED',
  );
}

/** Throws CONTENT_UNSUPPORTED when the message is gone, out of sight, or holds another file by now. */
export async function refetchFile(
  session: CallingSession,
  peers: Pick<PeerDirectory, 'inputChannel'>,
  source: FileSource,
  file: FileLocation,
): Promise<FileLocation> {
  const message = await fetchMessage(session, peers, source).catch((thrown: unknown) => {
    throw unreadable(thrown);
  });
  const { media } = message?._ === 'message' ? contentOf(message) : {};
  const fresh = media === undefined ? undefined : decodeFile(media.file);
  if (fresh?.id !== file.id) {
    throw new GatewayError('CONTENT_UNSUPPORTED', 'its file has been removed or replaced at Telegram');
  }
  return fresh;
}

async function fetchMessage(
  session: CallingSession,
  peers: Pick<PeerDirectory, 'inputChannel'>,
  { peer, msgId }: FileSource,
): Promise<tl.TypeMessage | undefined> {
  const id: tl.TypeInputMessage[] = [{ _: 'inputMessageID', id: msgId }];
  const found =
    peerParts(peer).kind === 'channel'
      ? await session.call({
          _: 'channels.getMessages',
          channel: await peers.inputChannel(session.owner, peer),
          id,
        })
      : await session.call({ _: 'messages.getMessages', id });
  if (found._ === 'messages.messagesNotModified') return undefined;
  return found.messages.find((message) => message.id === msgId);
}
