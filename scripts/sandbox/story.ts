/** A scripted story: each step says what must stand where, looks until it does, and prints what each side saw. */

import { openEyes, short, type Eyes, type Place } from './places.js';
import type { Stage } from './stage.js';
import { until } from './until.js';

export interface Scene extends Pick<Stage, 'control' | 'primary' | 'gateway'> {
  readonly eyes: Eyes;
  /**
   * Waits until exactly these lines have come to the place since the last look at it. The whole place is compared, so
   * that a late copy or a mark that came to an older line is found too. What differs is thrown and ends the step.
   */
  sees: (place: Place, lines: readonly string[], limitMs?: number) => Promise<void>;
  /** What has come to the place since the last look. */
  fresh: (place: Place) => Promise<string[]>;
  /** A condition without lines of its own; throws when it does not come true. */
  holds: (what: string, look: () => boolean | Promise<boolean>, limitMs?: number) => Promise<void>;
}

export interface Step {
  readonly title: string;
  play(scene: Scene): Promise<void>;
}

type Tell = (line: string) => void;

/** What stood at each place at the last look. */
type Known = Map<string, { readonly place: Place; lines: readonly string[] }>;

const limitMs = 20_000;

/** More lines than these are shown by the first and the last few. */
const linesShown = 12;

/** Plays the steps in order; answers whether everything was right. */
export async function tellStory(stage: Stage, steps: readonly Step[], tell: Tell): Promise<boolean> {
  const eyes = openEyes(stage.control);
  const known: Known = new Map();
  let right = true;
  for (const [index, step] of steps.entries()) {
    const began = Date.now();
    tell(`\n${index + 1}. ${step.title}`);
    const fault = await faultOf(step, sceneOf(stage, eyes, known, tell));
    if (fault !== undefined) {
      tell(`   ✗ ${short(fault)}`);
      right = false;
      // The next step begins at what stands there now, so that one fault is told once.
      for (const seen of known.values()) seen.lines = await seen.place.read();
    }
    tell(`   ${fault === undefined ? '✓' : '✗'} ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
  return right;
}

async function faultOf(step: Step, scene: Scene): Promise<string | undefined> {
  try {
    await step.play(scene);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sceneOf({ control, primary, gateway }: Stage, eyes: Eyes, known: Known, tell: Tell): Scene {
  const before = (place: Place): readonly string[] => known.get(place.name)?.lines ?? [];
  return {
    control,
    primary,
    gateway,
    eyes,
    async sees(place, lines, within = limitMs) {
      const wanted = [...before(place), ...lines];
      let seen: string[] = [];
      const done = await until(async () => same((seen = await place.read()), wanted), within);
      for (const line of folded(seen.slice(before(place).length)))
        tell(`   ${place.name.padEnd(20)} │ ${short(line)}`);
      known.set(place.name, { place, lines: seen });
      if (!done) throw new Error(difference(place, wanted, seen));
    },
    fresh: async (place) => (await place.read()).slice(before(place).length),
    async holds(what, look, within = limitMs) {
      const held = await until(look, within);
      if (!held) throw new Error(`not so within ${within / 1000} s: ${what}`);
      tell(`   ${what}`);
    },
  };
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}

function folded(lines: readonly string[]): readonly string[] {
  if (lines.length <= linesShown) return lines;
  const few = linesShown / 2;
  return [...lines.slice(0, few), `… ${lines.length - linesShown} more …`, ...lines.slice(-few)];
}

/** From the first line that differs, with a few that follow. */
function difference({ name }: Place, wanted: readonly string[], seen: readonly string[]): string {
  const at = wanted.findIndex((line, index) => line !== seen[index]);
  const from = at === -1 ? wanted.length : at;
  const some = (lines: readonly string[]): string =>
    `${JSON.stringify(lines.slice(from, from + 4))} (${lines.length} in all)`;
  return `${name}, line ${from + 1}: expected ${some(wanted)}, saw ${some(seen)}`;
}
