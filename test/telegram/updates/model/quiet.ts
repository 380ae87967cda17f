/** A game without faults for examples: what is pushed arrives at once, calls take some milliseconds. */
import type { tl } from '@mtcute/tl';
import type { UpdatesApi } from '../../../../src/telegram/updates/ports.js';
import { Game, type Scenario } from './game.js';
import { noFaults } from './host.js';
import { Refusal } from './server.js';

export async function quiet(options: Partial<Scenario> = {}): Promise<Game> {
  const game = new Game({ seed: 1, faults: noFaults, ...options });
  await game.start();
  game.host.calls.length = 0;
  return game;
}

/** Methods that the engine has called since the last look. */
export function called({ host }: Game): string[] {
  return host.calls.splice(0).map(({ method }) => method);
}

/** Hands updates to the engine as Telegram would. */
export function give(game: Game, ...updates: tl.TypeUpdate[]): void {
  game.host.push(game.container(updates));
}

/** The next calls of a method are refused, one after the other; then it answers again. */
export function refuse(
  game: Game,
  method: keyof UpdatesApi,
  ...refusals: readonly [code: number, type: string, argument?: number][]
): void {
  const left = [...refusals];
  const { server } = game;
  const answer = server[method].bind(server) as (...args: unknown[]) => Promise<unknown>;
  Object.assign(server, {
    [method]: async (...args: unknown[]) => {
      const refusal = left.shift();
      if (refusal !== undefined) throw new Refusal(...refusal);
      return answer(...args);
    },
  });
}
