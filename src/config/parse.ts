import type { z } from 'zod';
import { invalid, type RawEnv, type VariableName } from './env.js';

/** The variable as its schema reads it; undefined when it was not given. Throws CONFIG_INVALID without repeating the value. */
export function parse<T>(raw: RawEnv, name: VariableName, schema: z.ZodType<T>): T | undefined {
  const given = raw[name];
  if (given === undefined) return undefined;
  const result = schema.safeParse(given);
  if (!result.success) throw invalid(name);
  return result.data;
}
