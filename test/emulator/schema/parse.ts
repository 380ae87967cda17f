/** One line of a schema: a constructor or a method. */
export interface Combinator {
  readonly name: string;
  readonly id: number;
  readonly fields: readonly Field[];
  /** Result type as the schema writes it, `Vector<User>`. */
  readonly type: string;
  readonly method: boolean;
}

export interface Field {
  readonly name: string;
  /** TL text: `int`, `#`, `!X`, `Vector<long>`, `Peer`, `true`. */
  readonly type: string;
  /** Where the presence is written; absent for fields that are always there. */
  readonly flag?: { readonly word: string; readonly bit: number };
}

const LINE = /^([\w.]+)(?:#([0-9a-f]{1,8}))?\s*(.*?)\s*=\s*([^;]+);/;
/** Generic definitions of TL itself; the codec builds them in. */
const BUILT_IN = new Set(['boolFalse', 'boolTrue', 'true', 'vector', 'null']);

/** Reads TL text (https://core.telegram.org/mtproto/TL); lines without an id are left out. */
export function parseTl(text: string): Combinator[] {
  const found: Combinator[] = [];
  let method = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('---')) method = line.includes('functions');
    const [, name, id, args = '', type] = LINE.exec(line.trim()) ?? [];
    if (name === undefined || id === undefined || type === undefined || BUILT_IN.has(name)) continue;
    const fields = args
      .split(/\s+/)
      .filter((word) => word.includes(':') && !word.startsWith('{'))
      .map(parseField);
    found.push({ name, id: Number.parseInt(id, 16), fields, type: type.trim(), method });
  }
  return found;
}

function parseField(word: string): Field {
  const colon = word.indexOf(':');
  const name = word.slice(0, colon);
  const [, flags, bit, type] = /^(\w+)\.(\d+)\?(.+)$/.exec(word.slice(colon + 1)) ?? [];
  if (flags === undefined || type === undefined) return { name, type: word.slice(colon + 1) };
  return { name, type, flag: { word: flags, bit: Number(bit) } };
}

interface JsonSchema {
  readonly e: readonly JsonEntry[];
}

interface JsonEntry {
  readonly kind: 'class' | 'method';
  readonly name: string;
  readonly id: number;
  readonly type: string;
  readonly typeModifiers?: JsonModifiers;
  readonly arguments: readonly { name: string; type: string; typeModifiers?: JsonModifiers }[];
}

interface JsonModifiers {
  readonly isVector?: boolean;
  readonly predicate?: string;
}

/** Reads mtcute's JSON (`@mtcute/tl/api-schema.json`); int53 is a long that JavaScript can hold. */
export function parseJson(text: string): Combinator[] {
  // The file is a package's data of a pinned version; its shape is what the interfaces above say.
  const schema = JSON.parse(text) as JsonSchema;
  return schema.e
    .filter((entry) => !entry.name.startsWith('mtcute.'))
    .map((entry) => ({
      name: entry.name,
      id: entry.id,
      fields: entry.arguments.map((field) => {
        const [word, bit] = field.typeModifiers?.predicate?.split('.') ?? [];
        const type = tlType(field.type, field.typeModifiers);
        return word === undefined
          ? { name: field.name, type }
          : { name: field.name, type, flag: { word, bit: Number(bit) } };
      }),
      type: tlType(entry.type, entry.typeModifiers),
      method: entry.kind === 'method',
    }));
}

function tlType(type: string, modifiers: JsonModifiers | undefined): string {
  const word = type === 'int53' ? 'long' : type;
  return modifiers?.isVector === true ? `Vector<${word}>` : word;
}
