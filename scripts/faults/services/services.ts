/** What several gateways share, and what may befall it. */

import type { Database } from './database.js';
import type { Proxy } from '../../../test/support/mongo-proxy.js';
import type { LivingRedis } from './redis.js';

export interface Services {
  readonly database: Database;
  readonly redis: LivingRedis;
  /** Only where the fault asked for one: between the gateways and the database. */
  readonly proxy: Proxy | undefined;
}
