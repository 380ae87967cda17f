/**
 * In which order a living database is dumped. Each collection is read at its own moment, one after the other, while the gateway
 * goes on writing; so the archive holds no single instant. The order makes it one that the gateway can be started on all the same, as
 * after a crash ("Truth before effect" in src/README.md): nothing that an earlier collection promises may be missing in a later one.
 *
 * - `connections` before `update_state`: a login writes the counters first and the row last, so every row that is read has its
 *   counters behind it. (A connection without counters would begin at Telegram's present and skip what came before.)
 * - `update_state` before `journal`: the engine appends first and advances later. What the counters have passed is in the journal; what
 *   the journal holds beyond them comes once more in Telegram's difference and is swallowed by its key. Were it read later, the
 *   counters would have passed rows that are not in the archive, and Telegram would never send them again.
 *   Within it by `_id`: an owner's common row comes before its channels (`c7`, `c7-channel-9`), as the common counters may
 *   promise that a channel's difference is due or done.
 * - `journal` before `deliveries`: a journal row loses its contents only after its deliveries exist. One that is read as routed has its
 *   deliveries in the archive; one that is read as unrouted is routed again, to the same ids.
 * - `deliveries` before `dialogs` and `messages`: the dialog's row precedes the delivery, its topic and the twin links precede
 *   the delivery's end. So what is read as sent has its topic and its link; what is read as open and was sent meanwhile is sent once
 *   more under the same random ids, and Telegram answers that it has it.
 * - `journal` before `peers` and `holes`: access hashes are saved before the rows that need them; a hole is written before a counter
 *   passes it, and one that is found again is opened again.
 * - Whatever is not named here comes behind, by name; `sessions` last, as a key is stored before the row that needs it.
 *
 * What happened after its collection was read is not in the archive. Telegram's difference brings it again, and the ids that follow
 * from it are the same as the first time.
 */
const first = [
  'migrations',
  'connections',
  'update_state',
  'journal',
  'holes',
  'peers',
  'deliveries',
  'dialogs',
  'messages',
];

/** Rights in time, of processes that will not be there any more; and what tells the installation from its copies. */
const never: ReadonlySet<string> = new Set(['leases', 'identity']);

/** The collections to dump out of those that are there, in the order above. */
export function dumpOrder(there: readonly string[], { sessions }: { sessions: boolean }): string[] {
  const wanted = there.filter(
    (name) => !never.has(name) && name !== 'sessions' && !name.startsWith('system.'),
  );
  const others = wanted.filter((name) => !first.includes(name)).toSorted();
  const last = sessions && there.includes('sessions') ? ['sessions'] : [];
  return [...first.filter((name) => wanted.includes(name)), ...others, ...last];
}
