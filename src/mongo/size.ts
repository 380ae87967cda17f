/** How much the server keeps. */

import type { Db } from 'mongodb';

export interface StoreSize {
  /** Documents and their indexes, this database's and those beside it. */
  storedBytes(): Promise<number>;
}

export function createSize(db: Db): StoreSize {
  return {
    async storedBytes() {
      const { totalSize } = await db.admin().command({ listDatabases: 1 });
      return Number(totalSize);
    },
  };
}
