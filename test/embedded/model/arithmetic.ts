import { Double, Int32, Long } from 'mongodb';
import { isNumber, Refusal, type Number_, type Plain } from './value.js';

/** A sum in MongoDB's types: a double makes a double, 32 bits grow to 64. @throws Refusal 2 beyond 64 bits */
export function sumOf(a: Number_, b: Number_): Number_ {
  if (a instanceof Double || b instanceof Double) return new Double(Number(a) + Number(b));
  const sum = BigInt(a.toString()) + BigInt(b.toString());
  if (BigInt.asIntN(64, sum) !== sum) throw new Refusal(2);
  const isSmall = a instanceof Int32 && b instanceof Int32 && BigInt.asIntN(32, sum) === sum;
  return isSmall ? new Int32(Number(sum)) : Long.fromBigInt(sum);
}

/** `$sum` of a group passes over what is no number; beyond 64 bits it goes on as a double. */
export function total(values: (Plain | undefined)[]): Number_ {
  const numbers = values.filter(isNumber);
  // The generator's doubles are halves, so this is exact until the end.
  const halves = numbers.reduce(
    (sum, one) => sum + (one instanceof Double ? BigInt(one.value * 2) : BigInt(one.toString()) * 2n),
    0n,
  );
  if (numbers.some((one) => one instanceof Double)) return new Double(Number(halves) / 2);
  const sum = numbers.reduce((all, one) => all + BigInt(one.toString()), 0n);
  if (BigInt.asIntN(64, sum) !== sum) return new Double(Number(sum));
  const isSmall = BigInt.asIntN(32, sum) === sum && !numbers.some((one) => one instanceof Long);
  return isSmall ? new Int32(Number(sum)) : Long.fromBigInt(sum);
}
