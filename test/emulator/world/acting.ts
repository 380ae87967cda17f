import type { Actor } from './actor.js';
import type { Account } from './model.js';
import type { World } from './world.js';

export declare function actor(world: World, self: Account, origin?: object): Actor;
