/** The repositories over one MongoDB, a real one or the embedded store: both are opened by URL. */

import { connectDatabase, openingError } from './connect.js';
import { inOurWord } from './failures.js';
import { machineTime, migrate } from './migrate.js';
import { migrations, pendingMigrations } from './migrations.js';
import { repositoriesOf, type Repositories } from './repositories.js';

export { clientOptions } from './connect.js';

export interface OpenedStore extends Repositories {
  /**
   * Throws RESTORE_UNFINISHED. A restore sets its mark and then looks for leases; a process that has taken its first one looks for the
   * mark once more, so that of two that begin together one sees the other.
   */
  refuseRestore(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects, brings the database up to this version, answers the repositories. Throws MONGODB_UNREACHABLE, CONFIG_INVALID for a
 * malformed URL, what `migrate` throws, and the signal's reason.
 */
export async function openStore(url: string, database?: string, signal?: AbortSignal): Promise<OpenedStore> {
  const { db, hosts, close } = await connectDatabase(url, database);
  try {
    await migrate(db, machineTime, migrations, signal);
    return {
      ...repositoriesOf(db, hosts),
      async refuseRestore() {
        await pendingMigrations(db).catch((error: unknown) => {
          throw inOurWord(error, hosts);
        });
      },
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw openingError(error, hosts);
  }
}
