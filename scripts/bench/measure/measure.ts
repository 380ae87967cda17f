import type { Report } from '../figures.js';
import type { Column } from '../columns.js';
import type { Plan } from '../plan.js';

export interface Context {
  readonly plan: Plan;
  /** What the table is to show; of these only what can run here is measured. */
  readonly columns: readonly Column[];
  /** Says on stderr what is going on. */
  readonly progress: (words: string) => void;
  /** Directory for CPU profiles of the gateway. */
  readonly profileDir?: string;
}

export type Measure = (context: Context) => Promise<Report>;
