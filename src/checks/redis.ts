/** The queue's Redis. That it never evicts and is new enough, opening it has made sure of (queue/redis-link.ts). */

import type { RedisFacts } from '../queue/redis-facts.js';
import { clockToleranceMs, fine, seconds, warning, type Finding } from './finding.js';

export function judgeRedis({ version, isPersistent, aheadMs, address }: RedisFacts): Finding[] {
  return [
    fine('Redis', `${version}, never evicts`),
    judgePersistence(isPersistent, address),
    judgeClock(aheadMs, address),
  ];
}

function judgePersistence(isPersistent: boolean | undefined, address: string): Finding {
  const name = 'Redis persistence';
  if (isPersistent === undefined) return fine(name, 'it does not say');
  if (isPersistent) return fine(name, 'on');
  return warning(
    name,
    'redis-not-persistent',
    `Redis at ${address} forgets its jobs when it restarts; they are made again from the database, but some seconds later. Turn it on with: redis-cli CONFIG SET appendonly yes.`,
  );
}

/** Delays of jobs are reckoned by our clock and kept by its. */
function judgeClock(aheadMs: number, address: string): Finding {
  const name = 'Redis clock';
  const apart = seconds(aheadMs);
  if (Math.abs(aheadMs) <= clockToleranceMs) return fine(name, `${apart} from ours`);
  return warning(
    name,
    'redis-clock-apart',
    `The clocks of this machine and of Redis at ${address} are ${apart} apart; set both by NTP, for example with: timedatectl set-ntp true.`,
  );
}
