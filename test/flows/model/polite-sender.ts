/** The Sender as a process has it: Telegram behind the real flood-wait middleware, each call that leaves in a known wait noted down. */
import type tlTypes from '@mtcute/tl';
import type { OwnerId, Peer } from '../../../src/domain/ids.js';
import { peerParts } from '../../../src/domain/ids.js';
import type { Sender } from '../../../src/ports/telegram.js';
import { floodSeconds } from '../../../src/telegram/rpc/errors.js';
import { floodWait } from '../../../src/telegram/rpc/middlewares/flood-wait.js';
import type { Middleware } from '../../../src/telegram/rpc/middlewares/middleware.js';
import type { VirtualClock } from '../../support/virtual-clock.js';

const deadlineMs = 60_000;

export interface Manners {
  readonly clock: VirtualClock;
  /** By `owner peer`: what the process could have read from the store when it was started. */
  readonly floods: ReadonlyMap<string, number>;
  readonly impatient: (words: string) => void;
}

export function politeSender(network: Sender, { clock, floods, impatient }: Manners): Sender {
  const sessions = new Map<OwnerId, Middleware>();
  const told = new Map<string, number>();

  async function call<T>(method: string, owner: OwnerId, peer: Peer, run: () => Promise<T>): Promise<T> {
    // No wait is slept out on the way, as in a running session (app/telegram.ts).
    const session = sessions.get(owner) ?? floodWait(clock, 0);
    sessions.set(owner, session);
    const pair = `${owner} ${peer}`;
    const answer = await session(
      requestOf(method, peer),
      { deadlineAtMs: clock.now() + deadlineMs },
      async () => {
        const now = clock.now();
        const until = Math.max(told.get(`${method} ${pair}`) ?? 0, floods.get(pair) ?? 0);
        if (until > now) impatient(`${method} ${pair}: ${until - now} ms too early`);
        try {
          return await run();
        } catch (error) {
          const seconds = floodSeconds(error);
          if (seconds !== undefined) told.set(`${method} ${pair}`, clock.now() + seconds * 1000);
          throw error;
        }
      },
    );
    return answer as T;
  }

  return {
    send: (order) => call('messages.sendMessage', order.owner, order.peer, () => network.send(order)),
    createTopic: (order) =>
      call('messages.createForumTopic', order.owner, order.group, () => network.createTopic(order)),
    hasTopic: (place) => network.hasTopic(place),
    misplaced: (posts) => network.misplaced(posts),
    reopenTopic: (place) => network.reopenTopic(place),
    erase: (order) => network.erase(order),
    react: (order) => network.react(order),
    resync: (owner) => network.resync(owner),
  };
}

/** As much of the request as the middleware looks at. */
function requestOf(method: string, peer: Peer): tlTypes.tl.RpcMethod {
  const { kind, id } = peerParts(peer);
  return { _: method, peer: { [`${kind}Id`]: Number(id) } } as unknown as tlTypes.tl.RpcMethod;
}
