import { Int32 } from 'bson';
import { CommandError } from '../errors.js';
import { numberOf, typeName, type Value } from '../bson/value.js';
import type { Path } from '../query/paths.js';

const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };

/**
 * A sum in MongoDB's types: 32-bit grows to 64-bit, any double makes a double.
 * @throws CommandError 14 (not a number), 2 (64-bit overflow)
 */
export function add(value: Value, argument: Value, path: Path): Value {
  const [a, b] = [numberOf(value), numberOf(argument)];
  if (a === undefined || b === undefined) {
    throw new CommandError(
      14,
      `Cannot apply $inc to a value of non-numeric type. The field '${path.join('.')}' has type ${typeName(value)}`,
    );
  }
  if (typeof value === 'number' || typeof argument === 'number') return a + b;
  if (value instanceof Int32 && argument instanceof Int32) {
    const sum = a + b;
    return sum >= int32.least && sum <= int32.most ? new Int32(sum) : BigInt(sum);
  }
  const sum = integer(value) + integer(argument);
  if (BigInt.asIntN(64, sum) !== sum)
    throw new CommandError(2, `Failed to apply $inc to '${path.join('.')}': overflow`);
  return sum;
}

function integer(value: Value): bigint {
  return typeof value === 'bigint' ? value : BigInt(numberOf(value) ?? 0);
}
