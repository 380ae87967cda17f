/** What is asked at a scrape. Whatever does not answer in time is left out, so that no figure is a stale or invented one. */

import type { Connection } from '../../domain/connection.js';
import type { DeskId, OwnerId } from '../../domain/ids.js';
import { jobKinds, type JobKind } from '../../domain/job.js';
import type { Figures, OpenDeliveries, UnroutedRows } from '../../ports/figures.js';
import type { Holes, OpenHoles } from '../../ports/holes.js';
import type { JobCounts, Queue } from '../../ports/queue.js';
import type { Clock } from '../../ports/runtime.js';
import type { Connections } from '../../ports/store.js';
import { shared, within, type Answered } from '../bounded.js';

export interface ScrapeParts {
  readonly figures: Figures;
  readonly holes: Pick<Holes, 'countOpen' | 'countEver'>;
  readonly connections: Pick<Connections, 'list'>;
  readonly queue: Pick<Queue, 'counts'>;
  readonly clock: Clock;
  /** Whether the owner's session runs in this process. */
  readonly holds: (owner: OwnerId) => boolean;
  /** The desk bots of this installation. */
  readonly desks: readonly DeskId[];
}

/** Each part by itself: undefined where its question was not answered in time. */
export interface Scraped {
  readonly store: Answered<unknown>;
  readonly connections: Answered<readonly Connection[]>;
  readonly openHoles: Answered<readonly OpenHoles[]>;
  readonly holesEver: Answered<Awaited<ReturnType<Holes['countEver']>>>;
  readonly unrouted: Answered<readonly UnroutedRows[]>;
  readonly deliveries: Answered<readonly OpenDeliveries[]>;
  readonly jobs: Answered<readonly (readonly [JobKind, JobCounts])[]>;
}

/** Prometheus itself waits ten seconds unless it is told otherwise. */
const answerWithinMs = 2500;

/** Answers within two and a half seconds, whoever is silent. */
export function createScrape(parts: ScrapeParts): () => Promise<Scraped> {
  const { figures, holes, connections, queue, clock } = parts;
  const asked = <T>(ask: () => Promise<T>): (() => Promise<Answered<T>>) => {
    const once = shared(ask);
    return () => within(clock, answerWithinMs, once());
  };
  const ping = asked(() => figures.ping());
  const list = asked(() => connections.list());
  const countOpen = asked(() => holes.countOpen());
  const countEver = asked(() => holes.countEver());
  const unrouted = asked(() => figures.unrouted());
  const deliveries = asked(() => figures.openDeliveries());
  const jobs = asked(() =>
    Promise.all(jobKinds.map(async (kind) => [kind, await queue.counts(kind)] as const)),
  );
  return async () => {
    const [store, rows, openHoles, holesEver, unroutedRows, openDeliveries, jobCounts] = await Promise.all([
      ping(),
      list(),
      countOpen(),
      countEver(),
      unrouted(),
      deliveries(),
      jobs(),
    ]);
    return {
      store,
      connections: rows,
      openHoles,
      holesEver,
      unrouted: unroutedRows,
      deliveries: openDeliveries,
      jobs: jobCounts,
    };
  };
}
