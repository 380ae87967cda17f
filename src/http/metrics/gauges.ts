/** Every figure of ours: its name, what it means and its labels. Durations are in seconds, as Prometheus wants them. */

import { Counter, Gauge, Registry, collectDefaultMetrics } from '@platformatic/prom-client';

export type Gauges = ReturnType<typeof createGauges>;

const prefix = 'understudy_';

/** A registry of its own, so that several servers in one process do not meet. */
export function createGauges() {
  const registry = new Registry();
  const registers = [registry];
  // Memory, CPU, event-loop lag, garbage collection, file handles.
  collectDefaultMetrics({ register: registry, prefix });
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
    new Gauge({ name: prefix + name, help, labelNames, registers });
  return {
    registry,
    storeUp: gauge('store_up', 'Whether the store answered this scrape in time (1) or not (0).'),
    queueUp: gauge('queue_up', 'Whether the queue answered this scrape in time (1) or not (0).'),
    connectionState: gauge(
      'connection_state',
      'The state of each connection: 1 for the one it is in, 0 for the others.',
      'connection',
      'state',
    ),
    floodWaiting: gauge('connections_flood_waiting', 'Connections that Telegram has told to wait.', 'kind'),
    sessionsHeld: gauge('sessions_held', 'Telegram sessions that run in this process.', 'kind'),
    openHoles: gauge(
      'open_holes',
      'Stretches of updates that Telegram did not replay and that have not been fetched; 0 is proven completeness.',
      'owner',
    ),
    lostHoles: gauge(
      'lost_holes',
      'Open holes that nothing will fetch: something may be missing for good.',
      'owner',
    ),
    holesEver: new Counter({
      name: `${prefix}holes_total`,
      help: 'Holes ever recorded, by reason, closed ones too.',
      labelNames: ['reason'],
      registers,
    }),
    unroutedRows: gauge('unrouted_rows', 'Journal rows that the router has not taken yet.', 'owner'),
    unroutedAge: gauge('unrouted_age_seconds', 'Age of the oldest unrouted journal row.', 'owner'),
    openDeliveries: gauge('open_deliveries', 'Deliveries that are not final.', 'kind', 'state'),
    oldestDelivery: gauge('oldest_open_delivery_age_seconds', 'Age of the oldest open delivery.', 'kind'),
    queueJobs: gauge('queue_jobs', 'Jobs of the queue by kind and state.', 'kind', 'state'),
  };
}
