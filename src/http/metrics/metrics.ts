/** `/metrics`: the figures of this installation and this process, in Prometheus' text format. */

import type { FastifyInstance } from 'fastify';
import type { ConnectionState } from '../../domain/connection.js';
import type { ConnectionId } from '../../domain/ids.js';
import { createGauges, type Gauges } from './gauges.js';
import { createScrape, type Scraped, type ScrapeParts } from './scrape.js';

const states: Readonly<Record<ConnectionState, true>> = {
  connecting: true,
  live: true,
  'catching-up': true,
  'flood-waiting': true,
  'needs-login': true,
  stopped: true,
};

/** Adds the route; collected anew at each scrape. */
export function addMetrics(app: FastifyInstance, parts: ScrapeParts): void {
  const gauges = createGauges();
  const scrape = createScrape(parts);
  let known: readonly ConnectionId[] = [];
  app.get('/metrics', async (_request, reply) => {
    const scraped = await scrape();
    known = scraped.connections?.value.map(({ id }) => id) ?? known;
    setStore(gauges, scraped, parts.clock.now());
    setConnections(gauges, scraped);
    setHoles(gauges, scraped);
    setQueue(gauges, scraped);
    const held = (owners: readonly Parameters<typeof parts.holds>[0][]): number =>
      owners.filter(parts.holds).length;
    gauges.sessionsHeld.set({ kind: 'connection' }, held(known));
    gauges.sessionsHeld.set({ kind: 'desk' }, held(parts.desks));
    return reply.type(gauges.registry.contentType).send(await gauges.registry.metrics());
  });
  app.addHook('onClose', async () => gauges.registry.clear());
}

function setStore(gauges: Gauges, { store, unrouted, deliveries }: Scraped, now: number): void {
  gauges.storeUp.set(store === undefined ? 0 : 1);
  const ageS = (at: number): number => Math.max(0, now - at) / 1000;
  gauges.unroutedRows.reset();
  gauges.unroutedAge.reset();
  for (const { owner, count, oldestAt } of unrouted?.value ?? []) {
    gauges.unroutedRows.set({ owner }, count);
    gauges.unroutedAge.set({ owner }, ageS(oldestAt));
  }
  gauges.openDeliveries.reset();
  gauges.oldestDelivery.reset();
  const oldest = new Map<string, number>();
  for (const { kind, state, count, oldestAt } of deliveries?.value ?? []) {
    gauges.openDeliveries.set({ kind, state }, count);
    oldest.set(kind, Math.min(oldestAt, oldest.get(kind) ?? Infinity));
  }
  for (const [kind, at] of oldest) gauges.oldestDelivery.set({ kind }, ageS(at));
}

function setConnections(gauges: Gauges, { connections }: Scraped): void {
  gauges.connectionState.reset();
  gauges.floodWaiting.reset();
  if (connections === undefined) return;
  for (const { id, state } of connections.value) {
    for (const one of Object.keys(states)) {
      gauges.connectionState.set({ connection: id, state: one }, one === state ? 1 : 0);
    }
  }
  for (const kind of ['bot', 'account']) {
    const waiting = connections.value.filter((row) => row.kind === kind && row.state === 'flood-waiting');
    gauges.floodWaiting.set({ kind }, waiting.length);
  }
}

/** A connection without holes says 0: that is a figure too. */
function setHoles(gauges: Gauges, { connections, openHoles, holesEver }: Scraped): void {
  gauges.openHoles.reset();
  gauges.lostHoles.reset();
  gauges.holesEver.reset();
  if (openHoles !== undefined) {
    for (const { id } of connections?.value ?? []) {
      gauges.openHoles.set({ owner: id }, 0);
      gauges.lostHoles.set({ owner: id }, 0);
    }
    for (const { owner, count, lost } of openHoles.value) {
      gauges.openHoles.set({ owner }, count);
      gauges.lostHoles.set({ owner }, lost);
    }
  }
  for (const { reason, count } of holesEver?.value ?? []) gauges.holesEver.inc({ reason }, count);
}

function setQueue(gauges: Gauges, { jobs }: Scraped): void {
  gauges.queueUp.set(jobs === undefined ? 0 : 1);
  gauges.queueJobs.reset();
  for (const [kind, { waiting, active, delayed }] of jobs?.value ?? []) {
    gauges.queueJobs.set({ kind, state: 'waiting' }, waiting);
    gauges.queueJobs.set({ kind, state: 'active' }, active);
    gauges.queueJobs.set({ kind, state: 'delayed' }, delayed);
  }
}
