import { createRequire } from 'node:module';
import { RpcError } from '../types.js';
import type { Account } from '../world/model.js';

interface MethodTable {
  userOnly: Record<string, 1>;
  botOnly: Record<string, 1>;
}

/** Telegram's own table of who may call what, as @mtcute/tl ships it (a data file, nothing is run). */
const TABLE = createRequire(import.meta.url)('@mtcute/tl/raw-errors.json') as MethodTable;

/** Where the table is wrong or silent (decisions.md): bots react; topics are listed by bots in `messages` only. */
const OPEN_TO_BOTS = new Set([
  'messages.sendReaction',
  'messages.getForumTopics',
  'messages.getForumTopicsByID',
]);
const CLOSED_TO_BOTS = new Set([
  'channels.getForumTopics',
  'channels.getForumTopicsByID',
  'channels.updatePinnedForumTopic',
  'channels.toggleForum',
]);

/** Throws BOT_METHOD_INVALID or USER_BOT_REQUIRED. */
export function requirePermitted(self: Account, method: string): void {
  const userOnly = CLOSED_TO_BOTS.has(method) || (method in TABLE.userOnly && !OPEN_TO_BOTS.has(method));
  if (self.bot && userOnly) throw new RpcError(400, 'BOT_METHOD_INVALID');
  if (!self.bot && method in TABLE.botOnly) throw new RpcError(400, 'USER_BOT_REQUIRED');
}
