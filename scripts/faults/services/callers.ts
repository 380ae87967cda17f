/** Whose sessions Telegram has heard of, and when: a process that died is replaced when each of its sessions calls again. */

import type { LocalTelegram } from '../../../test/emulator/telegram.js';

type Call = LocalTelegram['calls'][number];

/** What still lay in the sockets of a process that has just died was no sign of life. */
const lastWordsMs = 500;

export class Callers {
  readonly #heardAt = new Map<number, number[]>();

  readonly hear = ({ caller }: Call): void => {
    const { userId } = caller;
    if (userId === undefined) return;
    const times = this.#heardAt.get(Number(userId)) ?? [];
    this.#heardAt.set(Number(userId), times);
    times.push(Date.now());
  };

  /** When the last of these accounts had called since its process died at this moment, in Unix ms; undefined: one has not yet. */
  allSince(moment: number, accounts: readonly number[]): number | undefined {
    const firsts = accounts.map((id) => this.#heardAt.get(id)?.find((at) => at >= moment + lastWordsMs));
    return firsts.includes(undefined) ? undefined : Math.max(...firsts.map(Number));
  }
}
