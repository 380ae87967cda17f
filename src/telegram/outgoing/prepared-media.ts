/** The medium of a part, ready for the session that sends: reused where it is the same account, else carried over. */

import type { tl } from '@mtcute/tl';

import type { Media } from '../../domain/content.js';
import { ownerUserId, type OwnerId } from '../../domain/ids.js';
import type { OutgoingPart } from '../../ports/telegram.js';
import { decodeFile } from '../media/file-token.js';
import { isReferenceExpired, refetchFile } from '../media/refetch.js';
import type { Transfers } from '../media/transfer.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import { liveSession, type SessionOf } from '../peers/session.js';
import { knownMedia } from './known-media.js';
import { uploadedMedia, uploadName } from './uploaded-media.js';

export interface MediaDeps {
  readonly sessionOf: SessionOf;
  readonly peers: PeerDirectory;
  readonly transfers: Transfers;
}

/** A part that has a medium. */
export type MediaPart = OutgoingPart & { readonly content: { readonly media: Media } };

export interface PreparedMedia {
  readonly media: tl.TypeInputMedia;
  /** The same medium once more, when `refused` says that its reference has expired; undefined when that is not the reason. */
  renewed(refused: unknown): Promise<tl.TypeInputMedia | undefined>;
}

/** Prepares one part for `owner`. A file without a source is the owner's own. */
export async function prepareMedia(
  deps: MediaDeps,
  owner: OwnerId,
  { content: { media }, source }: MediaPart,
): Promise<PreparedMedia> {
  const file = decodeFile(media.file);
  if (source !== undefined && ownerUserId(source.owner) !== ownerUserId(owner)) {
    const order = { from: source.owner, to: owner, file, name: uploadName(media), source };
    const carried = await deps.transfers.carry(order);
    return { media: uploadedMedia(media, carried), renewed: async () => undefined };
  }
  return {
    media: knownMedia(file, media.spoiler),
    async renewed(refused) {
      if (source === undefined || !isReferenceExpired(refused)) return undefined;
      const reader = liveSession(deps.sessionOf, source.owner);
      return knownMedia(await refetchFile(reader, deps.peers, source, file), media.spoiler);
    },
  };
}
