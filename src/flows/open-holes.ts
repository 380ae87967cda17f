/** A hole that nothing will fetch is told to the team it concerns, once; so is one that came after all. */

import type { Connection } from '../domain/connection.js';
import { commonBox, isDesk, peerOf, rowId } from '../domain/ids.js';
import type { Holes, UntoldHole } from '../ports/holes.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { Queue } from '../ports/queue.js';
import type { Store } from '../ports/store.js';
import { foundSentence, lostSentence } from './hole-sentences.js';
import { wakeUp } from './jobs.js';
import { alertOf } from './plan.js';

interface Deps {
  readonly store: Pick<Store, 'connections' | 'deliveries'> & {
    readonly holes: Pick<Holes, 'untold' | 'told'>;
  };
  readonly queue: Pick<Queue, 'add'>;
  readonly clock: Clock;
  readonly log: Log;
}

const atOnce = 50;

/** Looks for holes with news; may be called again and again. The hole's row is the truth, the alert's id makes it one. */
export async function alertHoles(deps: Deps): Promise<void> {
  const { holes, connections, deliveries } = deps.store;
  const untold = await holes.untold(atOnce);
  if (untold.length === 0) return;
  const rows = await connections.list();
  for (const hole of untold) {
    const connection = concerned(hole, rows);
    deps.log.debug('hole-told', { hole: hole._id, group: connection?.group });
    if (connection !== undefined) {
      const text = hole.news === 'lost' ? lostSentence(hole, connection) : foundSentence(hole, connection);
      // Key: a hole is lost, and found, at its own time; telling again after a crash makes the same row.
      const id = rowId('hole', hole.news, hole._id, hole.at);
      const alert = alertOf({ id, connection, text, now: deps.clock.now() });
      await deliveries.add([alert]);
      await deps.queue.add(wakeUp(alert));
    }
    await holes.told(hole._id, hole.news);
  }
}

/**
 * Whose group must hear of it: the connection's for its private chats, and the group itself where the desk bot missed what was
 * written there. Nothing else is carried over, so nobody misses it; such a hole is only counted.
 */
function concerned(hole: UntoldHole, connections: readonly Connection[]): Connection | undefined {
  if (!isDesk(hole.owner))
    return hole.box === commonBox ? connections.find(({ id }) => id === hole.owner) : undefined;
  const [kind, channel = ''] = hole.box.split(':');
  const group = kind === 'channel' ? peerOf('channel', channel) : undefined;
  return connections.find((connection) => connection.group === group);
}
