import { isFields, isNumber, type Fields, type Plain } from './value.js';

/** A projection of included or excluded fields; the generator mixes them only for `_id`. */
export function modelProject(row: Fields, spec: Fields): Fields {
  const flags = Object.entries(spec).map(([name, flag]) => ({ path: name.split('.'), keep: isOn(flag) }));
  const others = flags.filter(({ path }) => path[0] !== '_id');
  const id = flags.find(({ path }) => path[0] === '_id')?.keep;
  const includes = (others[0]?.keep ?? id) === true;
  const paths = others.map(({ path }) => path);
  if (includes ? id !== false : id === false) paths.push(['_id']);
  return (includes ? kept(row, paths) : without(row, paths)) as Fields;
}

function isOn(flag: Plain): boolean {
  return isNumber(flag) ? Number(flag) !== 0 : flag === true;
}

function kept(value: Plain, paths: string[][]): Plain | undefined {
  if (Array.isArray(value)) return value.map((one) => kept(one, paths)).filter((one) => one !== undefined);
  return isFields(value)
    ? each(value, paths, (part, rests) => (rests.length === 0 ? part : kept(part, rests)), false)
    : undefined;
}

function without(value: Plain, paths: string[][]): Plain {
  if (Array.isArray(value)) return value.map((one) => without(one, paths));
  return isFields(value)
    ? each(value, paths, (part, rests) => (rests.length === 0 ? undefined : without(part, rests)), true)
    : value;
}

/** `change` gets the rests of the paths that lead into the field: none means the field itself is named. */
function each(
  value: Fields,
  paths: string[][],
  change: (part: Plain, rests: string[][]) => Plain | undefined,
  keepOthers: boolean,
): Fields {
  const result: Fields = {};
  for (const [name, part] of Object.entries(value)) {
    const into = paths.filter(([head]) => head === name).map(([, ...rest]) => rest);
    const next =
      into.length > 0
        ? change(
            part,
            into.filter((rest) => rest.length > 0),
          )
        : keepOthers
          ? part
          : undefined;
    if (next !== undefined) result[name] = next;
  }
  return result;
}
