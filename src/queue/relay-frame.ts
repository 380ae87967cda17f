/** What crosses Redis between an asker and the process that serves: kind, the question's id, who asks, and the sealed body. */

export type Frame =
  | { readonly kind: 'question'; readonly id: string; readonly asker: string; readonly body: Uint8Array }
  /** Sent every few seconds while the answer is being made. */
  | { readonly kind: 'working'; readonly id: string }
  | { readonly kind: 'answer'; readonly id: string; readonly body: Uint8Array };

const kinds = ['question', 'working', 'answer'] as const;
/** Ids and askers are UUIDs in ASCII. */
const idBytes = 36;

export function writeFrame(frame: Frame): Buffer {
  const asker = frame.kind === 'question' ? frame.asker : '';
  const head = Buffer.from(`${kinds.indexOf(frame.kind)}${frame.id}${asker}`, 'latin1');
  return frame.kind === 'working' ? head : Buffer.concat([head, frame.body]);
}

/** Undefined where the bytes are no frame: Redis is shared, and nothing that lies there may hurt us. */
export function readFrame(bytes: Buffer): Frame | undefined {
  const kind = kinds[(bytes[0] ?? 0) - 48];
  const text = (from: number): string => bytes.toString('latin1', from, from + idBytes);
  const id = text(1);
  if (kind === undefined || id.length < idBytes) return undefined;
  if (kind === 'working') return { kind, id };
  if (kind === 'answer') return { kind, id, body: bytes.subarray(1 + idBytes) };
  const asker = text(1 + idBytes);
  return asker.length < idBytes ? undefined : { kind, id, asker, body: bytes.subarray(1 + 2 * idBytes) };
}
