/** Collection `deliveries`: what is to be sent. */

import type { Db } from 'mongodb';
import type { Deliveries } from '../ports/store.js';
import type { DeliveryRow } from './delivery-row.js';
import { changing } from './deliveries-changing.js';
import { claiming } from './deliveries-claims.js';
import { finding } from './deliveries-finding.js';
import { planning } from './deliveries-planning.js';
import { sending } from './deliveries-sending.js';

export function createDeliveries(db: Db): Deliveries {
  const rows = db.collection<DeliveryRow>('deliveries');
  return { ...planning(rows), ...finding(rows), ...claiming(rows), ...sending(rows), ...changing(rows) };
}
