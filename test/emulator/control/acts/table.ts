import type { Act } from '../act.js';
import { GROUPS } from './groups.js';
import { LOGIN } from './login.js';
import { MESSAGES } from './messages.js';
import { NEWCOMERS } from './newcomers.js';
import { TOPICS } from './topics.js';

/** Every act by its name. */
export const ACTS: Readonly<Record<string, Act>> = {
  ...NEWCOMERS,
  ...GROUPS,
  ...TOPICS,
  ...MESSAGES,
  ...LOGIN,
};
