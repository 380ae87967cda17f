import type { Tl } from '../../types.js';
import type { Account } from '../../world/model.js';
import type { World } from '../../world/world.js';

/** Nothing of ours uses the container sequence: it stands still. */
export const SEQ = 1;

/** TL updates.State of an account now. */
export function stateTl(self: Account, world: World): Tl {
  const unread_count = [...self.dialogs.values()].reduce((sum, { unread }) => sum + unread, 0);
  const { qts, box } = self;
  return { _: 'updates.state', pts: box.pts, qts, date: world.now(), seq: SEQ, unread_count };
}
