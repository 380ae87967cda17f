import type { LocalTelegram } from '../telegram.js';
import type { Json } from './act.js';
import { ControlError, type Input } from './input.js';

const NUMBERS = ['groupPerMinute', 'chatPerSecond', 'chatBurst', 'botPerSecond'] as const;

/** Changes the posting limits and forgets what was counted; answers with all of them (world/limits.ts). */
export function setLimits({ world }: LocalTelegram, input: Input): Json {
  const numbers = NUMBERS.map((name) => [name, input.maybeInt(name)] as const).filter(
    ([, value]) => value !== undefined,
  );
  const negative = numbers.find(([, value]) => (value ?? 0) < 0);
  if (negative) throw new ControlError(`"${negative[0]}" of ${input.what} must not be negative.`);
  world.limits.set({
    ...Object.fromEntries(numbers),
    ...(input.has('enabled') ? { enabled: input.flag('enabled') } : {}),
  });
  return { ...world.limits.settings };
}
