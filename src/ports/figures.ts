/** What health and metrics read of a store. Each figure is counted over an index of the few rows that still matter. */

import type { DeliveryKind, DeliveryState } from '../domain/delivery.js';
import type { OwnerId } from '../domain/ids.js';

/** Deliveries that are not final. */
export interface OpenDeliveries {
  readonly kind: DeliveryKind;
  readonly state: DeliveryState;
  readonly count: number;
  /** When the oldest of them was made, unix ms. */
  readonly oldestAt: number;
}

/** Journal rows of one owner that the router has not taken yet. */
export interface UnroutedRows {
  readonly owner: OwnerId;
  readonly count: number;
  /** When the oldest of them was received, unix ms. */
  readonly oldestAt: number;
}

export interface Figures {
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** By kind and state; what has none is absent. Rejects when the count takes longer than a second. */
  openDeliveries(): Promise<OpenDeliveries[]>;
  /** By owner; an owner without any is absent. Rejects when the count takes longer than a second. */
  unrouted(): Promise<UnroutedRows[]>;
}
