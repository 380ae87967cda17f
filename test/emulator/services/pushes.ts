import type { Caller } from '../mtproto/server.js';
import type { Delivery } from '../world/events.js';
import type { Desk } from './ask.js';
import { pushTl } from './render/container.js';
import { View } from './render/view.js';

/** Sends what the world tells to the sessions of each account, the acting one left out. Returns the way to stop. */
export function pushAll({ world, wire, difference }: Desk): () => void {
  return world.listen(({ accountId, events, origin }: Delivery) => {
    const account = world.accounts.get(accountId);
    if (!account) return;
    const updates = pushTl(new View(world, account), events, difference.short);
    // The origin of an MTProto operation is its Caller (see `signed`); other hands have none.
    wire.push(BigInt(accountId), updates, origin as Caller | undefined);
  });
}
