import { isOperators, tests } from './match.js';
import { isFields, Refusal, type Fields, type Plain } from './value.js';

/** Refuses what MongoDB refuses of a filter before it reads a document (BadValue). */
export function checkFilter(filter: Fields): void {
  for (const [name, condition] of Object.entries(filter)) {
    if (!name.startsWith('$')) checkCondition(condition);
    else if (['$and', '$or', '$nor'].includes(name) && Array.isArray(condition) && condition.length > 0)
      for (const part of condition)
        if (isFields(part)) checkFilter(part);
        else throw new Refusal(2);
    else throw new Refusal(2);
  }
}

function checkCondition(condition: Plain): void {
  if (!isOperators(condition)) return;
  for (const [operator, operand] of Object.entries(condition)) {
    if (!(operator in tests)) throw new Refusal(2);
    if (['$in', '$nin', '$all'].includes(operator) && !Array.isArray(operand)) throw new Refusal(2);
    if (operator === '$not' && (!isFields(operand) || !isOperators(operand))) throw new Refusal(2);
    if (operator === '$not') checkCondition(operand);
    if (operator === '$elemMatch' && isFields(operand))
      if (isOperators(operand)) checkCondition(operand);
      else checkFilter(operand);
  }
}
