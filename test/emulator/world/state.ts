import type { Callbacks } from './callbacks.js';
import type { Delivery } from './events.js';
import type { Limits } from './limits.js';
import type { Account, Channel } from './model.js';
import type { GroupDraft } from './newcomers.js';

/** What operations need of the world that they change. */
export interface WorldState {
  readonly accounts: ReadonlyMap<number, Account>;
  readonly limits: Limits;
  readonly callbacks: Callbacks;
  /** Seconds. */
  now(): number;
  /** Throws USER_ID_INVALID for an id that nobody has. */
  account(id: number): Account;
  /** Throws CHANNEL_INVALID for an unknown id, CHANNEL_PRIVATE for a deleted one. */
  channel(id: number): Channel;
  createGroup(draft: GroupDraft): Channel;
  /** A fresh album id. */
  groupId(): bigint;
  emit(deliveries: Delivery[]): void;
}
