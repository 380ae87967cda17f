import { chatId } from '../../bot-api/ids.js';
import type { Rights } from '../../world/model.js';
import { CREATOR_RIGHTS } from '../../world/rights.js';
import type { Act, Ask } from '../act.js';
import { ControlError, type Input } from '../input.js';
import { accountNamed } from '../names.js';

/** Making accounts and groups out of nothing. */
export const NEWCOMERS: Readonly<Record<string, Act>> = { createUser, createBot, createGroup };

function createUser({ world, input }: Ask) {
  const { id } = world.createUser({
    firstName: input.text('firstName'),
    ...texts(input, ['lastName', 'username', 'phone', 'password', 'langCode']),
    ...(input.flag('premium') ? { premium: true } : {}),
    ...ints(input, ['dc']),
  });
  return { id };
}

function createBot({ world, input }: Ask) {
  const { id, bot } = world.createBot({
    firstName: input.text('firstName'),
    username: input.text('username'),
    privacy: input.flag('privacy', true),
    ...texts(input, ['token']),
    ...ints(input, ['dc']),
  });
  return { id, token: bot?.token };
}

/** There from the start, silently: no service messages, nobody is told. */
function createGroup({ world, input }: Ask) {
  const idOf = (name: string): number => accountNamed(world, name).id;
  const { id } = world.createGroup({
    title: input.text('title'),
    creator: idOf(input.text('creator')),
    forum: input.flag('forum'),
    broadcast: input.flag('broadcast'),
    members: input.texts('members').map(idOf),
    admins: input.list('admins').map((admin) => adminOf(admin, idOf, input)),
    ...texts(input, ['username']),
  });
  return { id, chatId: chatId({ kind: 'channel', id }) };
}

/** A name, or `{who, rights}`; without rights: all of them. */
function adminOf(admin: unknown, idOf: (name: string) => number, input: Input) {
  if (typeof admin === 'string' || typeof admin === 'number') return { id: idOf(String(admin)) };
  if (typeof admin !== 'object' || admin === null) {
    throw new ControlError(`"admins" of ${input.what} must be names or {who, rights}.`);
  }
  const { who, rights } = admin as { who?: unknown; rights?: unknown };
  return { id: idOf(String(who)), ...(rights === undefined ? {} : { rights: rightsOf(rights, input) }) };
}

/** A list of names, or an object whose true fields count. Throws for a name that no right has. */
export function rightsOf(value: unknown, input: Input): Rights {
  const names = Array.isArray(value)
    ? value.map(String)
    : Object.entries(value as Record<string, unknown>)
        .filter(([, given]) => given === true)
        .map(([name]) => name);
  const unknown = names.find((name) => !(name in CREATOR_RIGHTS) && name !== 'anonymous');
  if (unknown !== undefined) throw new ControlError(`"rights" of ${input.what} has no "${unknown}".`);
  return Object.fromEntries(names.map((name) => [name, true]));
}

function texts<Name extends string>(input: Input, names: readonly Name[]): Partial<Record<Name, string>> {
  const found = names.map((name) => [name, input.maybeText(name)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<
    Record<Name, string>
  >;
}

function ints<Name extends string>(input: Input, names: readonly Name[]): Partial<Record<Name, number>> {
  const found = names.map((name) => [name, input.maybeInt(name)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<
    Record<Name, number>
  >;
}
