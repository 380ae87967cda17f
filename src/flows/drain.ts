/**
 * The worker: sends a lane's rows in order, one at a time. The head row's claim is the lane's lease, so two workers never send
 * side by side in one lane; a worker that dies leaves a claim that runs out, and its row is sent again under the same random ids.
 */

import { compose, type Post } from '../domain/compose.js';
import type { Delivery } from '../domain/delivery.js';
import { asGatewayError } from '../domain/errors.js';
import type { JobAnswer, JobHandler, Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import { afterFailure, type Failure } from './after-failure.js';
import type { Directory } from './directory.js';
import { laterIn, wakeUp } from './jobs.js';
import { createLanes } from './lanes.js';
import { randomIdsOf } from './random-ids.js';

/** A claim lasts so long after its last renewal: how long a row waits whose worker has died. */
const claimMs = 15_000;
const renewMs = 5000;

/** How long a job waits that finds the lane in another process's hands. */
const takenMs = 250;

export interface Claimed {
  readonly row: Delivery;
  readonly posts: readonly Post[];
}

/** Sends one claimed row; it may be called again for the same row after any failure. */
export type Act = (claimed: Claimed) => Promise<void>;

export interface DrainDeps {
  readonly store: Pick<Store, 'deliveries' | 'dialogs'>;
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
  const handler =
    (media: boolean): JobHandler =>
    async (job) => {
      const lane = String(job.data['lane']);
      let withFile: Delivery | undefined;
      const answer = await lanes.run(lane, () =>
        drain(deps, lane, (head) => {
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

/** Sends heads for as long as they are `mine`. */
async function drain(deps: DrainDeps, lane: string, mine: (head: Delivery) => boolean): Promise<JobAnswer> {
  for (;;) {
    const head = await deps.store.deliveries.head(lane);
    if (head === undefined) return 'done';
    const now = deps.clock.now();
    if (head.notBefore > now) return laterIn(head.notBefore - now);
    if (head.claim !== undefined && head.claim.by !== deps.holder && head.claim.until > now)
      return { again: takenMs };
    if (!mine(head)) return 'done';
    const answer = await sendHead(deps, head, now);
    if (answer !== 'done') return answer;
  }
}

async function sendHead(deps: DrainDeps, head: Delivery, now: number): Promise<JobAnswer> {
  const via = deps.directory.connection(head.connection)?.kind ?? 'bot';
  const posts = compose(head, via);
  const count = posts.reduce((sum, post) => sum + post.length, 0);
  const claim = { by: deps.holder, until: now + claimMs, now };
  const row = await deps.store.deliveries.claim(head, claim, randomIdsOf(head, count));
  if (row === undefined) return { again: takenMs };
  const stopRenewing = renewing(deps, row.id);
  try {
    await deps.acts[row.kind]({ row, posts });
    deps.failure.troubles.over(row);
    return 'done';
  } catch (error) {
    // Not `queued`: an earlier send of this row may have been executed, whatever became of this one.
    return await afterFailure(deps.failure, row, asGatewayError(error), head.state !== 'queued');
  } finally {
    stopRenewing();
  }
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
