/** Items of the core as rows of the journal. */
import { createHash } from 'node:crypto';
import type { tl } from '@mtcute/tl';
import type { TelegramEvent } from '../../domain/event.js';
import { rowId } from '../../domain/ids.js';
import type { Hole, JournalRow } from '../../ports/updates.js';
import { placeOf } from './classify.js';
import { identify, split, type Identity } from './keys.js';
import type { EnginePorts, EngineSettings } from './ports.js';
import type { Item, OpenedHole } from './state.js';

export interface RowContext {
  readonly settings: Pick<EngineSettings, 'owner' | 'layer'>;
  readonly ports: Pick<EnginePorts, 'normalise' | 'serialise'>;
}

/** Rows without their order, and a hole for each update the normaliser failed at. */
export interface Written {
  readonly rows: readonly Omit<JournalRow, 'ord'>[];
  readonly holes: readonly Hole[];
}

export function writeRows(items: readonly Item[], context: RowContext): Written {
  const rows: Omit<JournalRow, 'ord'>[] = [];
  const holes: Hole[] = [];
  for (const item of items) {
    for (const update of split(item.update)) {
      const written = writeOne({ ...item, update }, context);
      if (written === null) continue;
      if ('reason' in written) holes.push(written);
      else rows.push(written);
    }
  }
  return { rows, holes };
}

/** The row of a hole that the core has opened. */
export function holeRow(hole: OpenedHole, owner: Hole['owner'], openedAt: number): Hole {
  const { name, ...fields } = hole;
  return { ...fields, _id: rowId(owner, name), owner, openedAt };
}

function writeOne(item: Item, { settings, ports }: RowContext): Omit<JournalRow, 'ord'> | Hole | null {
  const { update, box, source, receivedAt, date, along } = item;
  let event: TelegramEvent | null;
  try {
    event = ports.normalise(update, {
      owner: settings.owner,
      box,
      source,
      receivedAt,
      ...(date === undefined ? {} : { date }),
      ...along,
    });
  } catch {
    return unreadable(item, settings.owner);
  }
  if (event === null) return null;
  const bytes = bytesOf(update, ports.serialise);
  const identity = identify(update, date, () => hashOf(bytes ?? JSON.stringify(event)));
  return {
    _id: keyOf(settings.owner, item, identity),
    owner: settings.owner,
    box,
    kind: identity.kind,
    ...(identity.msgId === undefined ? {} : { msgId: identity.msgId }),
    receivedAt,
    source,
    event,
    tl: bytes ?? new Uint8Array(),
    layer: settings.layer,
  };
}

/** Undefined: it came in an older layer, and today's cannot say all of it. The event is what counts. */
function bytesOf(update: tl.TypeUpdate, serialise: EnginePorts['serialise']): Uint8Array | undefined {
  try {
    return serialise(update);
  } catch {
    return undefined;
  }
}

/** A random id names one send of the account, in whatever box. */
function keyOf(owner: string, item: Item, { letter, parts }: Identity): string {
  return letter === 's' ? rowId(owner, letter, ...parts) : rowId(owner, letter, item.box, ...parts);
}

function hashOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

function unreadable({ update, box, receivedAt, date }: Item, owner: Hole['owner']): Hole {
  const { letter, parts, msgId } = identify(update, date, () => 'unreadable');
  const end = pts(update);
  return {
    _id: rowId(owner, box, 'unreadable', letter, ...parts),
    owner,
    box,
    reason: 'unreadable',
    counter: 'pts',
    from: Math.max(0, end - 1),
    to: end,
    afterMsgId: Math.max(0, (msgId ?? 0) - 1),
    openedAt: receivedAt,
  };
}

function pts(update: tl.TypeUpdate): number {
  const place = placeOf(update);
  return 'pts' in place ? place.pts : 0;
}
