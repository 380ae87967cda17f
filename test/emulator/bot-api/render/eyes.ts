import type { Account } from '../../world/model.js';
import type { World } from '../../world/world.js';

/** The bot for whom something is rendered. */
export interface Eyes {
  readonly world: World;
  readonly bot: Account;
}
