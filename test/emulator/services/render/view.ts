import type { Tl } from '../../types.js';
import type { Account, Peer } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { channelTl, userTl } from './peers.js';

/** One account's eyes. Everything rendered through a view leaves its people and groups in `users` and `chats`. */
export class View {
  readonly world: World;
  readonly viewer: Account;
  readonly #users = new Set<number>();
  readonly #channels = new Set<number>();

  constructor(world: World, viewer: Account) {
    this.world = world;
    this.viewer = viewer;
  }

  /** TL Peer. */
  peer(peer: Peer): Tl {
    return peer.kind === 'user' ? this.user(peer.id) : this.channel(peer.id);
  }

  user(id: number): Tl {
    this.mention(id);
    return { _: 'peerUser', user_id: BigInt(id) };
  }

  channel(id: number): Tl {
    this.#channels.add(id);
    return { _: 'peerChannel', channel_id: BigInt(id) };
  }

  /** The user will be among `users`. */
  mention(id: number): void {
    this.#users.add(id);
  }

  get users(): Tl[] {
    return [...this.#users]
      .map((id) => this.world.accounts.get(id))
      .filter((account) => account !== undefined)
      .map((account) => userTl(this.viewer, account));
  }

  get chats(): Tl[] {
    return [...this.#channels]
      .map((id) => this.world.channels.get(id))
      .filter((channel) => channel !== undefined)
      .map((channel) => channelTl(this.viewer, channel));
  }

  /** Both, ready to be spread into an answer. Take it last: getters see what was rendered before. */
  get company(): { users: Tl[]; chats: Tl[] } {
    return { users: this.users, chats: this.chats };
  }
}
