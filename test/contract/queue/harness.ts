import { GatewayError } from '../../../src/domain/errors.js';
import type { ActiveJob, Job, JobAnswer, Queue } from '../../../src/ports/queue.js';
import type { Clock } from '../../../src/ports/runtime.js';

/** One adapter under test, empty at the beginning of each test. */
export interface QueueHarness {
  readonly clock: Clock;
  /** Opens a queue whose failed jobs rest `20 ms × failures`. It is closed after the test. */
  open(): Promise<Queue>;
  /** Lets time pass until the condition holds; throws after ten seconds. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
}

/** A worker of `deliver` that writes down what it got and answers by `answer`; `deliver-media` has one that only writes down. */
export async function openWith(
  harness: QueueHarness,
  answer: (job: ActiveJob, run: number) => Promise<JobAnswer> | JobAnswer = () => 'done',
  concurrency = 1,
) {
  const queue = await harness.open();
  const seen: ActiveJob[] = [];
  const media: string[] = [];
  queue.work('deliver', async (job) => answer(job, seen.push(job)), { concurrency });
  queue.work(
    'deliver-media',
    async (job) => {
      media.push(job.id);
      return 'done';
    },
    { concurrency: 1 },
  );
  return { queue, seen, media, ids: () => seen.map((job) => job.id) };
}

export function job(id: string, more: Partial<Job> = {}): Job {
  return { kind: 'deliver', id, data: { lane: `lane-${id}` }, ...more };
}

export interface Door {
  readonly pass: Promise<void>;
  open(): void;
}

/** A door that handlers wait at until the test opens it. */
export function door(): Door {
  let open: () => void = () => undefined;
  const pass = new Promise<void>((resolve) => (open = resolve));
  return { pass, open: () => open() };
}

/** A handler that is done once the door is open. */
export function behind(gate: Door): () => Promise<JobAnswer> {
  return async () => {
    await gate.pass;
    return 'done';
  };
}

export async function errorOf(run: () => unknown): Promise<GatewayError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
