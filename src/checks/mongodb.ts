/** The database server: whether what is written there stays, and whether its clock is ours. */

import { GatewayError } from '../domain/errors.js';
import type { ServerFacts } from '../mongo/server-facts.js';
import { clockToleranceMs, fatal, fine, seconds, warning, type Finding } from './finding.js';

/** `hosts` without user and password. With several processes a wrong clock is fatal: leases are compared by it. */
export function judgeMongo(facts: ServerFacts, hosts: string, processes: 'one' | 'several'): Finding[] {
  const name = 'MongoDB';
  if (!facts.isReplicated) {
    const detail = `MongoDB at ${hosts} is no replica set, so it confirms no write by a majority; start it with --replSet rs0 and run rs.initiate() there once.`;
    return [fatal(name, new GatewayError('CONFIG_INVALID', detail))];
  }
  return [
    fine(name, `${facts.version}, a replica set`),
    judgeMajority(facts, hosts),
    judgeClock(facts.aheadMs, hosts, processes),
  ];
}

function judgeMajority({ hasMajority }: ServerFacts, hosts: string): Finding {
  const name = 'MongoDB writes';
  if (hasMajority) return fine(name, 'a majority confirms them');
  const detail = `${hosts}: no majority of the replica set confirms a write within 5 s, see rs.status()`;
  return fatal(name, new GatewayError('MONGODB_UNREACHABLE', detail));
}

function judgeClock(aheadMs: number, hosts: string, processes: 'one' | 'several'): Finding {
  const name = 'MongoDB clock';
  const apart = seconds(aheadMs);
  if (Math.abs(aheadMs) <= clockToleranceMs) return fine(name, `${apart} from ours`);
  const told = `The clocks of this machine and of MongoDB at ${hosts} are ${apart} apart; set both by NTP, for example with: timedatectl set-ntp true.`;
  return processes === 'several'
    ? fatal(name, new GatewayError('CONFIG_INVALID', told))
    : warning(name, 'mongodb-clock-apart', told);
}
