/**
 * The worker: sends a lane's rows in order, one at a time. The head row's claim is the lane's lease, so two workers never send
 * side by side in one lane; a worker that dies leaves a claim that runs out, and its row is sent again under the same random ids.
 */

import { compose, type Post } from '../domain/compose.js';
import type { ConnectionKind } from '../domain/connection.js';
import type { Delivery } from '../domain/delivery.js';
import { asGatewayError } from '../domain/errors.js';
import type { JobAnswer, JobHandler, Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import { afterFailure, type Failure } from './after-failure.js';
import type { Directory } from './directory.js';
import { createFloodGate, type FloodGate } from './flood-gate.js';
import { laterIn, wakeUp } from './jobs.js';
import { createLanes } from './lanes.js';
import { randomIdsOf } from './random-ids.js';

/** A claim lasts so long after its last renewal: how long a row waits whose worker has died. */
const claimMs = 15_000;
const renewMs = 5000;

/** How long a job waits that finds the lane in another process's hands. */
const takenMs = 250;

/** How long an album waits for parts that are in the journal and not routed yet: each look, and at most. */
const partsComeMs = 100;
const partsComeWithinMs = 30_000;
const journalLook = 200;

export interface Claimed {
  readonly row: Delivery;
  readonly posts: readonly Post[];
  /** An earlier send of this row may have been executed. */
  readonly inDoubt: boolean;
}

/**
 * Sends one claimed row; it may be called again for the same row after any failure. `again`: the row was not sent now, and the head of
 * its lane may be another one.
 */
export type Act = (claimed: Claimed) => Promise<'done' | 'again'>;

export interface DrainDeps {
  readonly store: Pick<Store, 'connections' | 'deliveries' | 'dialogs' | 'journal'>;
  readonly directory: Directory;
  readonly queue: Pick<Queue, 'add'>;
  readonly acts: Readonly<Record<Delivery['kind'], Act>>;
  readonly failure: Failure;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process in claims. */
  readonly holder: string;
}

/** The handlers of both job kinds; only the second carries files. */
export function createDrain(deps: DrainDeps): { deliver: JobHandler; deliverMedia: JobHandler } {
  const lanes = createLanes();
  const gate = createFloodGate(deps);
  const handler =
    (media: boolean): JobHandler =>
    async (job) => {
      const lane = String(job.data['lane']);
      let withFile: Delivery | undefined;
      const answer = await lanes.run(lane, () =>
        drain({ ...deps, gate }, lane, (head) => {
          withFile = !media && carriesFile(head) ? head : undefined;
          return withFile === undefined;
        }),
      );
      // Only now, when the lane is free: the other job would else find it taken, and the two would wake each other for ever.
      if (withFile !== undefined) await deps.queue.add(wakeUp(withFile, 'deliver-media'));
      return answer;
    };
  return { deliver: handler(false), deliverMedia: handler(true) };
}

type Draining = DrainDeps & { readonly gate: FloodGate };

/** Sends heads for as long as they are `mine`. */
async function drain(deps: Draining, lane: string, mine: (head: Delivery) => boolean): Promise<JobAnswer> {
  for (;;) {
    const head = await deps.store.deliveries.head(lane);
    const wait = head === undefined ? 'done' : waitOf(deps, head);
    if (head === undefined || wait !== undefined) {
      deps.gate.leave(lane);
      return wait ?? 'done';
    }
    if (!mine(head)) return 'done';
    const turn = await deps.gate.enter(head);
    if (turn !== undefined) return turn;
    try {
      if (await isGrowing(deps, head)) return { again: partsComeMs };
      const answer = await sendHead(deps, head);
      if (answer !== 'done') return answer;
    } finally {
      deps.gate.leave(lane);
    }
  }
}

function waitOf({ clock, holder }: DrainDeps, head: Delivery): JobAnswer | undefined {
  const { notBefore, claim } = head;
  const now = clock.now();
  if (notBefore > now && !isThere(head)) return laterIn(notBefore - now);
  return claim !== undefined && claim.by !== holder && claim.until > now ? { again: takenMs } : undefined;
}

/** Every message of it has its id: nothing is left to send, so there is nothing to wait for. */
function isThere({ randomIds, sentIds }: Delivery): boolean {
  return randomIds.length > 0 && randomIds.every((_, at) => typeof sentIds[at] === 'number');
}

/** Parts of this album are in the journal and not routed yet: a router that was slow, or died in between, must not tear it. */
async function isGrowing({ store, clock }: DrainDeps, head: Delivery): Promise<boolean> {
  const { groupedId, source, attempts, createdAt } = head;
  if (groupedId === undefined || attempts > 0 || clock.now() - createdAt > partsComeWithinMs) return false;
  const rows = await store.journal.unrouted(source, -1, journalLook);
  return rows.some(({ event }) => event.kind === 'message' && event.groupedId === groupedId);
}

async function sendHead(deps: Draining, head: Delivery): Promise<JobAnswer> {
  const posts = compose(head, await viaOf(deps, head));
  const now = deps.clock.now();
  const count = posts.reduce((sum, post) => sum + post.length, 0);
  const claim = { by: deps.holder, until: now + claimMs, now };
  const row = await deps.store.deliveries.claim(head, claim, randomIdsOf(head, count));
  if (row === undefined) return { again: takenMs };
  // Not `queued`: an earlier send of this row may have been executed, whatever becomes of this one.
  const inDoubt = head.state !== 'queued';
  const stopRenewing = renewing(deps, row.id);
  try {
    const end = await deps.acts[row.kind]({ row, posts, inDoubt });
    if (end === 'again') await deps.store.deliveries.postpone(row, inDoubt ? 'unknown' : 'queued', 0);
    else deps.failure.troubles.over(row);
    return 'done';
  } catch (error) {
    const failed = asGatewayError(error);
    if (failed.code === 'FLOOD_WAIT') deps.gate.close(row, deps.clock.now() + Number(failed.detail) * 1000);
    return await afterFailure(deps.failure, { row, posts }, failed, inDoubt);
  } finally {
    stopRenewing();
  }
}

/** How the primary is shown. The directory may not know a connection yet that another process has just begun to route. */
async function viaOf({ directory, store }: DrainDeps, { connection }: Delivery): Promise<ConnectionKind> {
  const known = directory.connection(connection) ?? (await store.connections.get(connection));
  return known?.kind ?? 'bot';
}

/** A long upload keeps its claim. A renewal that fails is not repeated: the next one comes soon, and a lost claim costs nothing. */
function renewing(deps: DrainDeps, id: string): () => void {
  let cancel: () => void = () => undefined;
  const arm = (): void => {
    cancel = deps.clock.setTimer(renewMs, () => {
      const until = deps.clock.now() + claimMs;
      deps.store.deliveries.renewClaim(id, deps.holder, until).catch((error: unknown) => {
        deps.log.warn('claim-not-renewed', { delivery: id }, error);
      });
      arm();
    });
  };
  arm();
  return () => cancel();
}

function carriesFile(row: Delivery): boolean {
  return row.parts.some((part) => part.content.media !== undefined);
}
