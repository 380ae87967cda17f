/** Who writes what, in which part of the round. Made before the round begins: the same seed writes the same script. */

import type { Random } from './random.js';

/** `client` → bot or account; `primary`: the bot's program or the account's owner → client; `operator` → the client's topic. */
export type Voice = 'client' | 'primary' | 'operator';

/** Before the fault, under it, after it; and once more, where a fault has something happen afterwards. */
export type Part = 0 | 1 | 2 | 3;

export interface Line {
  /** The dialog's name, which is its client's and its topic's. */
  readonly dialog: string;
  readonly voice: Voice;
  readonly part: Part;
  /** Bytes of the document that the line carries. */
  readonly fileBytes?: number;
  /** In the text, and nowhere else: dialog, voice and number. */
  readonly token: string;
}

const tokenPattern = /\b([AB]\d+)-(client|primary|operator)-(\d+)\b/;

/** The token in a text as people see it. */
export function tokenIn(text: string): { readonly token: string; readonly dialog: string } | undefined {
  const match = tokenPattern.exec(text);
  return match === null ? undefined : { token: match[0], dialog: match[1] ?? '' };
}

export interface Plan {
  /** Dialogs that are open when the round begins, and those whose first message falls into the fault. */
  readonly open: readonly string[];
  readonly late: readonly string[];
  readonly messages: number;
  /** Every so many lines one carries a file; 0: none. */
  readonly fileEvery: number;
  readonly parts: 3 | 4;
}

/** First the openers (part 0, one per open dialog), then the rest in the order of writing. */
export function scriptOf({ open, late, messages, fileEvery, parts }: Plan, random: Random): Line[] {
  const counts = new Map<string, number>();
  const line = (dialog: string, voice: Voice, part: Part, withFile: boolean): Line => {
    const count = (counts.get(`${dialog}-${voice}`) ?? 0) + 1;
    counts.set(`${dialog}-${voice}`, count);
    const file = withFile ? { fileBytes: random.between(1000, 40_000) } : {};
    return { dialog, voice, part, token: `${dialog}-${voice}-${count}`, ...file };
  };
  const lines = open.map((dialog) => line(dialog, 'client', 0, false));
  const rest = Math.max(messages - lines.length, parts);
  for (let index = 0; index < rest; index += 1) {
    const part = Math.floor((parts * index) / rest) as Part;
    const dialog = random.pick(part === 0 ? open : [...open, ...late]);
    const chance = random.next();
    const isFirst = !counts.has(`${dialog}-client`);
    const voice = isFirst || chance < 0.45 ? 'client' : chance < 0.7 ? 'primary' : 'operator';
    lines.push(line(dialog, voice, part, fileEvery > 0 && index % fileEvery === fileEvery - 1));
  }
  return lines;
}
