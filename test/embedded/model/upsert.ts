import { isOperators } from './match.js';
import { modelUpdate } from './update.js';
import { isFields, order, Refusal, type Fields, type Plain } from './value.js';

/** The document that an upsert inserts: the filter's equalities, then the update over them. */
export function modelUpsert(filter: Fields, update: Fields, arrayFilters: readonly Fields[]): Fields {
  const isReplacement = Object.keys(update)[0]?.startsWith('$') !== true;
  const pairs = equalities(filter).filter(([name]) => !isReplacement || name === '_id');
  for (const [i, [a]] of pairs.entries())
    if (pairs.slice(i + 1).some(([b]) => `${a}.`.startsWith(`${b}.`) || `${b}.`.startsWith(`${a}.`)))
      throw new Refusal(54);
  const seed: Fields = {};
  for (const [name, value] of pairs) {
    const path = name.split('.');
    const parent = path.slice(0, -1).reduce<Fields>((doc, segment) => (doc[segment] ??= {}) as Fields, seed);
    parent[path.at(-1) ?? ''] = value;
  }
  const made = modelUpdate(seed, update, { arrayFilters, inserting: true, filter: {} });
  const { _id = null, ...fields } = made;
  if (seed['_id'] !== undefined && order(seed['_id'], _id) !== 0) throw new Refusal(66);
  return { _id, ...fields };
}

function equalities(filter: Fields): [string, Plain][] {
  return Object.entries(filter).flatMap(([name, condition]): [string, Plain][] => {
    if (name === '$and') return (condition as Fields[]).flatMap(equalities);
    if (name === '$or')
      return (condition as Fields[]).length === 1 ? equalities((condition as Fields[])[0] ?? {}) : [];
    if (name.startsWith('$')) return [];
    if (!isOperators(condition)) return [[name, condition]];
    return isFields(condition) ? single(condition).map((value): [string, Plain] => [name, value]) : [];
  });
}

/** `$eq`, and the lists of one value. */
function single(condition: Fields): Plain[] {
  return Object.entries(condition).flatMap(([operator, operand]) => {
    if (operator === '$eq') return [operand];
    return ['$in', '$all'].includes(operator) && Array.isArray(operand) && operand.length === 1
      ? operand
      : [];
  });
}
