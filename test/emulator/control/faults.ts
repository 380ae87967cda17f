import { BOT_API_FAULTS, type BotApiFault, type BotApiFaultName } from '../bot-api/faults.js';
import { FAULTS, type Fault, type FaultName } from '../mtproto/server.js';
import type { LocalTelegram } from '../telegram.js';
import type { Json } from './act.js';
import { ControlError, type Input } from './input.js';
import { accountNamed } from './names.js';

/** What the faults need beside their names; all else is refused. */
const ARGUMENTS: Readonly<Record<string, readonly ('code' | 'text' | 'seconds' | 'ms')[]>> = {
  'call.error': ['code', 'text'],
  'call.flood': ['seconds'],
  'call.delay': ['ms'],
  'push.delay': ['ms'],
  'session.clock': ['seconds'],
  'bot-api.error': ['code', 'text'],
  'bot-api.flood': ['seconds'],
  'bot-api.delay': ['ms'],
};

/** Injects a fault of either desk: `{name, …arguments, when?: {user, method, update, dc}, times?}` → its id. */
export function addFault(telegram: LocalTelegram, input: Input): Json {
  const name = input.text('name');
  const fault = { name, ...argumentsOf(name, input), ...whenOf(telegram, input), ...timesOf(input) };
  if (name in FAULTS) return { id: telegram.faults.add(fault as { name: FaultName } as Fault) };
  if (name in BOT_API_FAULTS) {
    return { id: telegram.botApi.faults.add(fault as { name: BotApiFaultName } as BotApiFault) };
  }
  throw new ControlError(`There is no fault "${name}"; GET /fault lists them.`);
}

/** All of them, or the one with this id. */
export function removeFaults(telegram: LocalTelegram, id: string | null): Json {
  const desks = [telegram.faults, telegram.botApi.faults];
  if (id === null) {
    for (const desk of desks) desk.clear();
    return {};
  }
  const removed = desks.map((desk) => desk.remove(id)).includes(true);
  if (!removed) throw new ControlError(`No fault with the id "${id}" is standing.`);
  return {};
}

export function faultsView(telegram: LocalTelegram): Json {
  const standing = [...telegram.faults.list(), ...telegram.botApi.faults.list()];
  const kinds = Object.entries(FAULTS).map(([name, [, meaning]]) => [name, meaning]);
  return {
    standing: standing.map(({ id, fault, left }) => ({ id, ...fault, when: spoken(fault.when), left })),
    known: { ...Object.fromEntries(kinds), ...BOT_API_FAULTS },
  };
}

function argumentsOf(name: string, input: Input): Json {
  const needed = ARGUMENTS[name] ?? [];
  return Object.fromEntries(
    needed.map((field) => [field, field === 'text' ? input.text(field) : input.int(field)]),
  );
}

function whenOf({ world }: LocalTelegram, input: Input): Json {
  const when = input.object('when');
  if (!when) return {};
  const user = when.maybeText('user');
  const dc = when.maybeInt('dc');
  const method = when.maybeText('method');
  const update = when.maybeText('update');
  return {
    when: {
      ...(user === undefined ? {} : { user: BigInt(accountNamed(world, user).id) }),
      ...(dc === undefined ? {} : { dc }),
      ...(method === undefined ? {} : { method }),
      ...(update === undefined ? {} : { update }),
    },
  };
}

function timesOf(input: Input): Json {
  const times = input.maybeInt('times');
  return times === undefined ? {} : { times };
}

function spoken(when: { user?: bigint } | undefined): Json | undefined {
  if (!when) return undefined;
  return { ...when, ...(when.user === undefined ? {} : { user: Number(when.user) }) };
}
