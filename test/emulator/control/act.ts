import type { LocalTelegram } from '../telegram.js';
import type { Actor } from '../world/actor.js';
import type { Account, Channel, Message, Peer } from '../world/model.js';
import type { World } from '../world/world.js';
import type { Json } from '../http/json.js';
import type { Input } from './input.js';
import { accountNamed, groupNamed, peerNamed } from './names.js';

export type { Json };

/** One act while it is read: who asks for what. */
export interface Ask {
  readonly telegram: LocalTelegram;
  readonly world: World;
  readonly input: Input;
}

export type Act = (ask: Ask) => Json | Promise<Json>;

/** Who acts: `as`. */
export function actorOf({ world, input }: Ask): Actor {
  return world.actAs(accountNamed(world, input.text('as')));
}

/** Who acts on a group: `as`, else its creator. */
export function ownerOf({ world, input }: Ask, group: Channel): Actor {
  const name = input.maybeText('as');
  return world.actAs(name === undefined ? group.creatorId : accountNamed(world, name));
}

/** Where it happens: `chat`, or `to`. */
export function placeOf({ world, input }: Ask): Peer {
  return peerNamed(world, input.maybeText('chat') ?? input.text('to'));
}

/** `group`, or `chat`. */
export function groupOf({ world, input }: Ask): Channel {
  return groupNamed(world, input.maybeText('group') ?? input.text('chat'));
}

export function accountOf({ world, input }: Ask, field: string): Account {
  return accountNamed(world, input.text(field));
}

/** A message's ids: `id` as its author counts, in private chats `otherId` as the other side does. */
export function idsOf({ id, box, body }: Message): Json {
  const other = [...body.copies].find(([one]) => one !== box);
  return {
    id,
    ...(other ? { otherId: other[1] } : {}),
    ...(body.topic === undefined ? {} : { topic: body.topic }),
    ...(body.groupedId === undefined ? {} : { groupedId: String(body.groupedId) }),
  };
}
