import { Int32 } from 'bson';
import { CommandError } from '../errors.js';
import { fields, type Doc, type Value } from '../bson/value.js';
import { docsField, flagField, type Call } from './call.js';

/** MongoDB's limit on the statements of one command. */
export const maxStatements = 100_000;

/**
 * Runs the statements of a bulk one after the other: an ordered bulk stops at the first error, an unordered one goes on.
 * Returns the write errors, with the index, code, keyPattern and keyValue the driver shows.
 */
export function eachStatement(
  call: Call,
  field: string,
  run: (statement: Doc, index: number) => void,
): Doc[] {
  const statements = docsField(call.body, field);
  if (statements.length === 0 || statements.length > maxStatements)
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${maxStatements}. Got ${statements.length} operations.`,
    );
  const ordered = flagField(call.body, 'ordered', true);
  const errors: Doc[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors.push(writeError(index, error));
      if (ordered) break;
    }
  }
  return errors;
}

function writeError(index: number, error: CommandError): Doc {
  return new Map<string, Value>([
    ['index', new Int32(index)],
    ['code', new Int32(error.code)],
    ...error.details,
    ['errmsg', error.message],
  ]);
}

/** `{n, …, writeErrors?}` */
export function writeAnswer(n: number, more: Record<string, Value>, errors: Doc[]): Doc {
  const answer = fields({ n: new Int32(n), ...more });
  if (errors.length > 0) answer.set('writeErrors', errors);
  return answer;
}
