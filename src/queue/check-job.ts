import { GatewayError } from '../domain/errors.js';
import { jobKinds } from '../domain/job.js';
import type { Job } from '../ports/queue.js';

const longestId = 200;
const highestPriority = 2_000_000;

/** Refuses, on every adapter alike, what BullMQ cannot hold: it would be found only where Redis runs. */
export function checkJob(job: Job): void {
  const fault = faultOf(job);
  if (fault !== undefined) throw new GatewayError('INTERNAL', `a job of kind '${job.kind}' ${fault}`);
}

function faultOf({ kind, id, delayMs = 0, priority = 0 }: Job): string | undefined {
  if (!jobKinds.includes(kind)) return 'is unknown: add the kind to jobKinds in src/domain/job.ts';
  if (id === '' || id.length > longestId) return `needs an id of 1 to ${longestId} characters`;
  if (id.includes(':')) return "has ':' in its id: make it with rowId()";
  // BullMQ numbers its own jobs, so a bare number could meet one of those.
  if (/^\d+$/.test(id)) return 'has a bare number as id: make it with rowId()';
  if (!(delayMs >= 0 && Number.isFinite(delayMs))) return 'has a delay that is no time';
  if (!Number.isInteger(priority) || priority < 0 || priority > highestPriority) {
    return `has a priority outside 0 to ${highestPriority}`;
  }
  return undefined;
}
