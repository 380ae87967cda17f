import type { Report } from '../figures.js';
import type { Plan } from '../plan.js';

export interface Context {
  readonly plan: Plan;
  /** Says on stderr what is going on. */
  readonly progress: (words: string) => void;
  /** Directory for CPU profiles of the gateway. */
  readonly profileDir?: string;
}

export type Measure = (context: Context) => Promise<Report>;
