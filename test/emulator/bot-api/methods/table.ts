import type { Method } from '../call.js';
import { ME } from './me.js';
import { SENDING } from './sending.js';
import { UPDATES } from './updates.js';

/** Every method that is answered, by its name in lower case: Telegram does not mind the case. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [ME, UPDATES, SENDING]
    .flatMap((family) => Object.entries(family))
    .map(([name, method]) => [name.toLowerCase(), method]),
);
