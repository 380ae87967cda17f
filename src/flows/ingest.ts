/**
 * Routes journal rows into deliveries, in order. A row is marked routed only after its deliveries exist, and their ids derive
 * from it: whatever dies in between is done again at the next run and changes nothing.
 */

import { route, type Decision, type Facts } from '../domain/route.js';
import type { Owner } from '../domain/connection.js';
import type { MessageEvent, TelegramEvent } from '../domain/event.js';
import { asGatewayError, type ErrorCode } from '../domain/errors.js';
import type { DialogId, OwnerId } from '../domain/ids.js';
import type { Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { JournaledEvent, Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';
import type { Directory } from './directory.js';
import { execute, type ExecuteDeps } from './execute.js';
import { createHeld } from './held.js';
import { findSenders, type Senders } from './record-sent.js';
import { RoutedBatch, type BatchDeps } from './routed-batch.js';

export interface IngestDeps extends Omit<ExecuteDeps, 'batch' | 'opened' | 'senders'>, BatchDeps {
  readonly store: ExecuteDeps['store'] & Pick<Store, 'deliveries' | 'journal' | 'links'>;
  readonly queue: Pick<Queue, 'add' | 'addMany'>;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly sender: Pick<Sender, 'resync'>;
  readonly log: Log;
  /** Whether this process is the one that routes for this session: the one that holds it, where there are several. */
  readonly mine: (owner: OwnerId) => boolean;
}

export interface Ingest {
  /** Something was journaled for this session, or a send of it ended: route what is waiting. */
  wake(owner: OwnerId): void;
  /**
   * Wakes every session with unrouted rows: at start, and every few seconds. A session of nobody's (stopped, or its process is
   * dead) is routed too, after a few looks; two that route the same row write the same.
   */
  sweep(): Promise<void>;
  /** Resolves when no routing runs; nothing new is begun. */
  close(): Promise<void>;
}

const atOnce = 200;
const looksAtStrangers = 4;

const ofStore: ReadonlySet<ErrorCode> = new Set(['MONGODB_UNREACHABLE', 'STORE_FULL', 'REDIS_UNREACHABLE']);

type Routing = IngestDeps & {
  readonly batch: RoutedBatch;
  readonly opened: Set<DialogId>;
  readonly senders: Senders;
};

/** One run at a time per session; a wake during a run makes one more. */
export function createIngest(deps: IngestDeps): Ingest {
  const running = new Map<OwnerId, Promise<void>>();
  const again = new Set<OwnerId>();
  const opened = new Set<DialogId>();
  /** How many looks in a row found rows of a session that is not ours. */
  let strangers = new Map<OwnerId, number>();
  let closed = false;
  const held = createHeld(deps, (owner) => wake(owner));

  function wake(owner: OwnerId): void {
    if (closed) return;
    if (running.has(owner)) {
      again.add(owner);
      return;
    }
    const run = routeAll(deps, owner, held, opened)
      .catch((error: unknown) => deps.log.error('ingest-failed', { owner }, error))
      .finally(() => {
        running.delete(owner);
        if (again.delete(owner)) wake(owner);
      });
    running.set(owner, run);
  }

  return {
    wake,
    async sweep() {
      const found = new Map<OwnerId, number>();
      for (const owner of await deps.store.journal.ownersWithUnrouted()) {
        const looks = (strangers.get(owner) ?? 0) + 1;
        if (deps.mine(owner) || looks >= looksAtStrangers) wake(owner);
        else found.set(owner, looks);
      }
      strangers = found;
    },
    async close() {
      closed = true;
      held.close();
      await Promise.all(running.values());
    },
  };
}

async function routeAll(
  deps: IngestDeps,
  owner: OwnerId,
  held: ReturnType<typeof createHeld>,
  opened: Set<DialogId>,
): Promise<void> {
  const found = deps.directory.owner(owner);
  if (found === undefined) return;
  const waiting = new Set<string>();
  let after = -1;
  for (;;) {
    const rows = await deps.store.journal.unrouted(owner, after, atOnce);
    const senders = await findSenders(deps.store, rows.flatMap(sentBy));
    const routing = { ...deps, batch: new RoutedBatch(deps), opened, senders };
    try {
      for (const row of rows) {
        after = row.ord;
        // An album looks for its row in the store, so what was planned so far goes there first. A stretch that cannot be written is no
        // fault of this row: it stops them all.
        if (isAlbumPart(row)) await routing.batch.flush();
        await routeOne(routing, found, row, waiting, held).catch((error: unknown) => {
          // A row that cannot be routed stops its dialog and nobody else's; a store that fails stops them all.
          if (ofStore.has(asGatewayError(error).code)) throw error;
          if (row.event.kind === 'message') waiting.add(row.event.peer);
          deps.log.error('row-not-routed', { owner, journal: row.id }, error);
        });
        await routing.batch.flushInTime();
      }
    } finally {
      // Also when the store or a row breaks it off: what stands before goes its way.
      await routing.batch.flush();
    }
    if (rows.length < atOnce) return;
  }
}

function isAlbumPart({ event }: JournaledEvent): boolean {
  return event.kind === 'message' && event.groupedId !== undefined;
}

function sentBy({ event }: JournaledEvent): readonly string[] {
  return event.kind === 'sent' ? [event.randomId] : [];
}

/** A dialog with a held message waits as a whole, so that nothing overtakes it; other dialogs go on. */
async function routeOne(
  deps: Routing,
  owner: Owner,
  row: JournaledEvent,
  waiting: Set<string>,
  held: ReturnType<typeof createHeld>,
): Promise<void> {
  const dialog = row.event.kind === 'message' ? row.event.peer : undefined;
  if (dialog !== undefined && waiting.has(dialog)) return;
  const decision = await decide(deps, owner, row.event);
  if (decision.kind === 'hold') {
    if (dialog !== undefined) waiting.add(dialog);
    held.wait(row);
    return;
  }
  held.done(row.id);
  await execute(deps, owner, row, decision);
  deps.batch.routed(row.id);
}

async function decide(deps: IngestDeps, owner: Owner, event: TelegramEvent): Promise<Decision> {
  const facts =
    event.kind === 'message' ? await factsOf(deps, owner, event) : { known: false, outstanding: false };
  return route(event, {
    owner,
    ourUsers: deps.directory.ourUsers(),
    backendGroups: deps.directory.backendGroups(),
    ...facts,
  });
}

async function factsOf(
  deps: IngestDeps,
  owner: Owner,
  event: MessageEvent,
): Promise<Pick<Facts, 'known' | 'outstanding' | 'dialog' | 'groupDesk'>> {
  const { links, deliveries, dialogs } = deps.store;
  if (owner.kind === 'desk') {
    const groupDesk = deps.directory.deskOf(event.peer);
    const dialog =
      event.topic === undefined || event.out ? undefined : await dialogs.byTopic(event.peer, event.topic);
    return {
      known: false,
      outstanding: false,
      ...(groupDesk === undefined ? {} : { groupDesk }),
      ...(dialog === undefined ? {} : { dialog }),
    };
  }
  if (!event.out) return { known: false, outstanding: false };
  const connection = owner.connection.id;
  const outstanding = await deliveries.outstanding(connection, event.peer, event.msgId);
  // The link is read last: a send that ends between the two reads is seen as known, never as intercepted.
  const known = (await links.byMessage(connection, event.box, event.msgId)) !== undefined;
  return { known, outstanding: outstanding && !known };
}
