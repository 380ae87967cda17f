import { readFileSync } from 'node:fs';
import type { Rights } from './model.js';
import type { BotDraft, UserDraft } from './newcomers.js';
import { World, type WorldOptions } from './world.js';

/** The world file: people are named by username, or by phone. */
export interface WorldFile {
  users?: UserDraft[];
  bots?: BotDraft[];
  groups?: {
    title: string;
    creator: string;
    forum?: boolean;
    username?: string;
    members?: string[];
    /** `rights` default: everything. */
    admins?: { who: string; rights?: Rights }[];
  }[];
}

export function readWorld(path: string, options: WorldOptions = {}): World {
  return populate(new World(options), JSON.parse(readFileSync(path, 'utf8')) as WorldFile);
}

/** Throws an Error that names the reference nobody answers to. */
export function populate(world: World, file: WorldFile): World {
  for (const user of file.users ?? []) world.createUser(user);
  for (const bot of file.bots ?? []) world.createBot(bot);
  const idOf = (who: string): number => {
    const found = world.byUsername(who) ?? world.byPhone(who);
    if (!found || !('box' in found)) throw new Error(`world file: nobody is called ${who}`);
    return found.id;
  };
  for (const group of file.groups ?? []) {
    world.createGroup({
      ...group,
      creator: idOf(group.creator),
      members: (group.members ?? []).map(idOf),
      admins: (group.admins ?? []).map(({ who, rights }) => ({
        id: idOf(who),
        ...(rights ? { rights } : {}),
      })),
    });
  }
  return world;
}
