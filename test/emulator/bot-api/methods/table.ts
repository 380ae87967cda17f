import type { Method } from '../call.js';
import { CHATS } from './chats.js';
import { COPYING } from './copying.js';
import { EDITING } from './editing.js';
import { FILES } from './files.js';
import { MARKS } from './marks.js';
import { ME } from './me.js';
import { MEDIA } from './media.js';
import { PLAIN_MEDIA } from './plain-media.js';
import { SENDING } from './sending.js';
import { TOPICS } from './topics.js';
import { UPDATES } from './updates.js';

/** Every method that is answered, by its name in lower case: Telegram does not mind the case. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [ME, UPDATES, SENDING, MEDIA, PLAIN_MEDIA, COPYING, EDITING, MARKS, TOPICS, CHATS, FILES]
    .flatMap((family) => Object.entries(family))
    .map(([name, method]) => [name.toLowerCase(), method]),
);
