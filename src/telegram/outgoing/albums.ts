/** What Telegram takes as one album: photos with videos, or documents, or audio; at most ten; the rest goes alone. */

import type { MediaKind } from '../../domain/content.js';
import type { OutgoingPart } from '../../ports/telegram.js';
import type { MediaPart } from './prepared-media.js';

/** Limit of messages.sendMultiMedia. */
const maxAlbum = 10;

const classOf: Readonly<Partial<Record<MediaKind, string>>> = {
  photo: 'visual',
  video: 'visual',
  document: 'document',
  audio: 'audio',
};

/** The calls that send these parts, in order: albums of at least two, and single messages. */
export function runsOf(parts: readonly OutgoingPart[]): OutgoingPart[][] {
  const runs: OutgoingPart[][] = [];
  for (const part of parts) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && run.length < maxAlbum && together(last, part))
      run.push(part);
    else runs.push([part]);
  }
  return runs;
}

function together(one: OutgoingPart, other: OutgoingPart): boolean {
  if (!hasMedia(one) || !hasMedia(other)) return false;
  const kind = classOf[one.content.media.kind];
  return kind !== undefined && kind === classOf[other.content.media.kind];
}

export function hasMedia(part: OutgoingPart): part is MediaPart {
  return part.content.media !== undefined;
}
