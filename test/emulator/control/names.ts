import type { Account, Channel, Peer } from '../world/model.js';
import type { World } from '../world/world.js';
import { ControlError } from './input.js';

const MARKED = /^-100(\d+)$/;

/** Somebody by id, username (with or without @), phone or first name. */
export function accountNamed(world: World, name: string): Account {
  return maybeAccount(world, name) ?? fail(`Nobody has the id, username, phone or first name "${name}".`);
}

/** A group by id (plain or as -100…), username or title. */
export function groupNamed(world: World, name: string): Channel {
  return maybeGroup(world, name) ?? fail(`No group has the id, username or title "${name}".`);
}

/** The chat with somebody, or a group. */
export function peerNamed(world: World, name: string): Peer {
  const account = maybeAccount(world, name);
  if (account) return { kind: 'user', id: account.id };
  const group = maybeGroup(world, name);
  return group
    ? { kind: 'channel', id: group.id }
    : fail(`Neither a person, a bot nor a group is called "${name}".`);
}

function maybeAccount(world: World, name: string): Account | undefined {
  const byId = /^\d+$/.test(name) ? world.accounts.get(Number(name)) : undefined;
  const byName = world.byUsername(name);
  const found = byId ?? (byName && 'dialogs' in byName ? byName : undefined) ?? world.byPhone(name);
  return (
    found ??
    only(
      [...world.accounts.values()].filter(({ firstName }) => firstName === name),
      name,
    )
  );
}

function maybeGroup(world: World, name: string): Channel | undefined {
  const id = MARKED.exec(name)?.[1] ?? name;
  const byId = /^\d+$/.test(id) ? world.channels.get(Number(id)) : undefined;
  const byName = world.byUsername(name);
  const found = byId ?? (byName && !('dialogs' in byName) ? byName : undefined);
  return (
    found ??
    only(
      [...world.channels.values()].filter(({ title }) => title === name),
      name,
    )
  );
}

function only<One>(found: One[], name: string): One | undefined {
  return found.length > 1 ? fail(`More than one is called "${name}": use the id.`) : found[0];
}

function fail(why: string): never {
  throw new ControlError(why);
}
