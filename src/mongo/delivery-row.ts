/** A delivery as it lies in the collection. `open` is there exactly as long as the state is not final: partial indexes need an equality. */

import type { Collection, Filter } from 'mongodb';
import type { Delivery } from '../domain/delivery.js';
import { fromRow, type Row } from './rows.js';

export type DeliveryRow = Row<Delivery> & { readonly open?: true; readonly finishedAt?: Date };

export type DeliveryRows = Collection<DeliveryRow>;

export function read(row: DeliveryRow | null): Delivery | undefined {
  if (row === null) return undefined;
  const { open, finishedAt, ...delivery } = row;
  return fromRow<Delivery>(delivery);
}

/** Every claim counts an attempt: whoever comes back late, to a row that was claimed again meanwhile, finds nothing to change. */
export function ofClaim({ id, attempts }: Pick<Delivery, 'id' | 'attempts'>): Filter<DeliveryRow> {
  return { _id: id, open: true, attempts };
}
