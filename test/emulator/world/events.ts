import type { WorldEvent } from './model.js';

export type { WorldEvent } from './model.js';

/** All that one operation means for one account, in order; a listener sends it as one container. */
export interface Delivery {
  accountId: number;
  events: WorldEvent[];
  /** What was passed to `actAs`: the session that acted and gets its part as the answer instead. */
  origin?: object;
}

export type Listener = (delivery: Delivery) => void;
