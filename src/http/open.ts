/** What other machines look at: health, readiness and figures. Nothing here tells contents, names, phones or secrets. */

import type { Log } from '../ports/runtime.js';
import type { ListenAddress } from './listening-error.js';
import { watchLiveness } from './liveness.js';
import { addMetrics } from './metrics/metrics.js';
import type { ScrapeParts } from './metrics/scrape.js';
import { addProbes } from './probes.js';
import { createReadiness, type ReadinessParts } from './readiness.js';
import { openServer } from './server.js';

export type ObservedParts = ScrapeParts &
  ReadinessParts & { readonly listen: ListenAddress; readonly log: Log };

export interface Observed {
  readonly port: number;
  /** The start is finished: `/readyz` may say so. */
  started(): void;
  close(): Promise<void>;
}

/** Serves `/healthz`, `/readyz` and `/metrics`. Throws CONFIG_INVALID when the address cannot be had. */
export async function openObservation(parts: ObservedParts): Promise<Observed> {
  const liveness = watchLiveness(parts.clock, parts.signal);
  const readiness = createReadiness(parts);
  try {
    const server = await openServer({
      ...parts,
      addRoutes: (app) => {
        addProbes(app, { liveness, readiness });
        addMetrics(app, parts);
      },
    });
    return {
      port: server.port,
      started: () => readiness.started(),
      async close() {
        await server.close();
        liveness.close();
      },
    };
  } catch (error) {
    liveness.close();
    throw error;
  }
}
