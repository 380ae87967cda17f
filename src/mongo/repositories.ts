/** All repositories over one database. */

import type { Db } from 'mongodb';
import type { Figures } from '../ports/figures.js';
import type { Holes } from '../ports/holes.js';
import type { Store } from '../ports/store.js';
import type { UpdateStore } from '../ports/updates.js';
import { createConnections } from './connections.js';
import { createDeliveries } from './deliveries.js';
import { createDialogs } from './dialogs.js';
import { inOurWords } from './failures.js';
import { createFigures } from './figures.js';
import { createHoles } from './holes.js';
import { createIdentity, type Identity } from './identity.js';
import { createJournal } from './journal.js';
import { createLeases } from './leases.js';
import { createLinks } from './links.js';
import { createPeers } from './peers.js';
import { createSessions } from './sessions.js';
import { createSize, type StoreSize } from './size.js';
import { createUpdateStore } from './update-store.js';

export interface Repositories extends Store {
  readonly updates: UpdateStore;
  readonly holes: Holes;
  readonly figures: Figures;
  readonly size: StoreSize;
  readonly identity: Identity;
}

/** `hosts` names the servers in the errors of an unreachable database. */
export function repositoriesOf(db: Db, hosts: string): Repositories {
  return {
    connections: inOurWords(createConnections(db), hosts),
    sessions: inOurWords(createSessions(db), hosts),
    leases: inOurWords(createLeases(db), hosts),
    journal: inOurWords(createJournal(db), hosts),
    peers: inOurWords(createPeers(db), hosts),
    dialogs: inOurWords(createDialogs(db), hosts),
    links: inOurWords(createLinks(db), hosts),
    deliveries: inOurWords(createDeliveries(db), hosts),
    updates: inOurWords(createUpdateStore(db), hosts),
    holes: inOurWords(createHoles(db), hosts),
    figures: inOurWords(createFigures(db), hosts),
    size: inOurWords(createSize(db), hosts),
    identity: inOurWords(createIdentity(db), hosts),
  };
}
