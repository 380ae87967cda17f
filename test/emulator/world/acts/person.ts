import type { Turn } from '../turn.js';

/** Blocking a bot stops it; the bot hears of it on qts. */
export function block(turn: Turn, userId: number, blocked: boolean): void {
  const other = turn.world.account(userId);
  if (turn.self.blocked.has(userId) === blocked) return;
  if (blocked) turn.self.blocked.add(userId);
  else turn.self.blocked.delete(userId);
  turn.tell(turn.self.id, { kind: 'blocked', userId, blocked });
  if (!other.bot) return;
  const date = turn.world.now();
  turn.onQts(other, { kind: 'stopped', userId: turn.self.id, stopped: blocked, date });
}

/** Everybody who has a dialog with the account hears of its new names. */
export function introduce(
  turn: Turn,
  names: { firstName?: string; lastName?: string; username?: string },
): void {
  Object.assign(turn.self, names);
  const event = { kind: 'renamed' as const, userId: turn.self.id };
  turn.tell(turn.self.id, event);
  for (const { peer } of turn.self.dialogs.values()) {
    if (peer.kind === 'user' && peer.id !== turn.self.id) turn.tell(peer.id, event);
  }
}
