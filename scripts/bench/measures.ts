import { database } from './measure/database.js';
import { engine } from './measure/engine.js';
import { latency } from './measure/latency.js';
import { link } from './measure/link.js';
import type { Measure } from './measure/measure.js';
import { memory } from './measure/memory.js';
import { rate } from './measure/rate.js';
import { startup } from './measure/startup.js';

export type MeasureName = 'latency' | 'rate' | 'memory' | 'startup' | 'link' | 'engine' | 'database';

/** In the order in which they run. */
export const measures: Readonly<Record<MeasureName, Measure>> = {
  link,
  engine,
  startup,
  latency,
  rate,
  memory,
  database,
};
