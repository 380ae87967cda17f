import type { Answer, Caller } from '../mtproto/server.js';
import { RpcError, type Tl } from '../types.js';
import type { Actor } from '../world/actor.js';
import type { Account } from '../world/model.js';
import type { World } from '../world/world.js';
import type { Logins } from './login/logins.js';
import { View } from './render/view.js';

/** What the handlers need of the server: its pushes. */
export interface Wire {
  push(userId: bigint, updates: Tl, except?: Caller): void;
  pushTo(authKeyId: string, updates: Tl): void;
}

export interface DcAddress {
  host: string;
  port: number;
}

/** Sizes of what differences hand out. Real values are unpublished; these are ours. */
export interface DifferenceSettings {
  /** Events per updates.difference before it becomes a slice. */
  slice: number;
  /** A common box further behind than this answers differenceTooLong (a request's pts_total_limit wins). */
  tooLong: number;
  /** A channel further behind than this answers channelDifferenceTooLong. */
  channelTooLong: number;
  /** Plain texts of known people come as updateShortMessage, as at Telegram. */
  short: boolean;
}

/** Everything that a handler can reach. */
export interface Desk {
  readonly world: World;
  readonly wire: Wire;
  readonly logins: Logins;
  readonly dcs: readonly number[];
  readonly difference: DifferenceSettings;
  addressOf(dc: number): DcAddress;
}

/** One request, before anybody has asked who is calling. */
export interface Ask {
  readonly desk: Desk;
  readonly world: World;
  readonly caller: Caller;
  readonly request: Tl;
}

/** One request of an account. */
export interface SignedAsk extends Ask {
  readonly self: Account;
  /** Acts for the account; listeners leave out the calling session. */
  readonly actor: Actor;
  /** Renders for the account and collects the people and groups mentioned. */
  readonly view: View;
}

export type Open = (ask: Ask) => Answer | Promise<Answer>;
export type Signed = (ask: SignedAsk) => Answer | Promise<Answer>;

/** Throws AUTH_KEY_UNREGISTERED unless the caller is logged in. */
export function signed(ask: Ask): SignedAsk {
  const { world, caller } = ask;
  const self = caller.userId === undefined ? undefined : world.accounts.get(Number(caller.userId));
  if (!self) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED');
  return { ...ask, self, actor: world.actAs(self, caller), view: new View(world, self) };
}
