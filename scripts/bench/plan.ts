/** How long everything takes: the full run stays below 15 minutes, the quick one around three. */

export interface Plan {
  readonly latency: { readonly rates: readonly number[]; readonly ms: number };
  readonly rate: {
    readonly holdMs: number;
    readonly probeMs: number;
    readonly probes: number;
    readonly holds: number;
  };
  readonly memory: { readonly connections: readonly number[] };
  readonly startup: { readonly rounds: number };
  readonly link: { readonly rounds: number; readonly updates: number; readonly sends: number };
  readonly database: { readonly ms: number };
}

const rates = [10, 100];

export const fullPlan: Plan = {
  latency: { rates, ms: 30_000 },
  rate: { holdMs: 30_000, probeMs: 6_000, probes: 7, holds: 3 },
  memory: { connections: [1, 50, 200] },
  startup: { rounds: 5 },
  link: { rounds: 3, updates: 15_000, sends: 6_000 },
  database: { ms: 10_000 },
};

export const quickPlan: Plan = {
  latency: { rates, ms: 6_000 },
  rate: { holdMs: 8_000, probeMs: 4_000, probes: 5, holds: 3 },
  memory: { connections: [1, 50] },
  startup: { rounds: 2 },
  link: { rounds: 1, updates: 8_000, sends: 3_000 },
  database: { ms: 4_000 },
};

/** Dialogs that the mirror measures spread their messages over. */
export const dialogs = 100;
