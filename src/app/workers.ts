/** The flows, each with exactly the ports it uses, and the two workers that run them. */

import { createAlert } from '../flows/alert.js';
import { createAnswer } from '../flows/answer.js';
import type { Directory } from '../flows/directory.js';
import { createDrain } from '../flows/drain.js';
import type { Ingest } from '../flows/ingest.js';
import { createMark } from '../flows/mark.js';
import { createTroubles } from '../flows/troubles.js';
import { createMirror } from '../flows/mirror.js';
import type { Queue } from '../ports/queue.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import type { Sender } from '../ports/telegram.js';

export interface WorkerParts {
  readonly store: Store;
  readonly queue: Queue;
  readonly sender: Sender;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process in claims. */
  readonly holder: string;
}

/** Texts wait for nothing but Telegram's answer, so many lanes run at once. */
const textLanes = 64;

/** Each holds up to 8 MiB of a file in memory. */
const mediaLanes = 4;

/** Gives every job kind its worker. */
export function wireWorkers(parts: WorkerParts, ingest: Ingest): void {
  const topicAct = createMirror(parts);
  const drain = createDrain({
    ...parts,
    failure: { ...parts, troubles: createTroubles(parts) },
    acts: {
      mirror: topicAct,
      notice: topicAct,
      answer: createAnswer({ ...parts, ended: (connection) => ingest.wake(connection) }),
      mark: createMark(parts),
      alert: createAlert(parts),
    },
  });
  parts.queue.work('deliver', drain.deliver, { concurrency: textLanes });
  parts.queue.work('deliver-media', drain.deliverMedia, { concurrency: mediaLanes });
}
