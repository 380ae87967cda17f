import { gunzipSync } from 'node:zlib';
import type { Tl, TlValue } from '../types.js';
import { Reader, TlError, type Writer } from './bytes.js';
import type { Combinator, Field } from './parse.js';

type Read = (from: Reader) => TlValue;
type Write = (to: Writer, value: TlValue) => void;

/** A combinator with its fields compiled. */
interface Shape {
  readonly combinator: Combinator;
  read?: (from: Reader) => Tl;
  write?: (to: Writer, object: Tl) => void;
}

export const GZIP_PACKED = 0x3072cfa1;
const VECTOR = 0x1cb5c415;
const BOOL_TRUE = 0x997275b5;
const BOOL_FALSE = 0xbc799737;
/** More than any honest message; a bomb is refused instead of inflated. */
const INFLATED_MAX = 32 * 1024 * 1024;

/**
 * Reads and writes the objects of one schema: each line becomes a pair of closures on first use.
 * `find` reads constructors that this schema doesn't know (those of other layers): ids are unique across layers.
 */
export class Codec {
  private readonly byName = new Map<string, Shape>();
  private readonly byId = new Map<number, Shape>();
  private readonly find: (id: number) => Codec | undefined;

  constructor(combinators: readonly Combinator[], find: (id: number) => Codec | undefined = () => undefined) {
    this.find = find;
    for (const combinator of combinators) {
      const shape: Shape = { combinator };
      this.byName.set(combinator.name, shape);
      this.byId.set(combinator.id, shape);
    }
  }

  knows(id: number): boolean {
    return this.byId.has(id);
  }

  combinator(name: string): Combinator | undefined {
    return this.byName.get(name)?.combinator;
  }

  /** One boxed object, whatever its type; a wrapper's `query` (`!X`) is left unread behind it. */
  read(from: Reader): Tl {
    return this.readBoxed(from, undefined);
  }

  write(to: Writer, object: Tl): void {
    this.writeBoxed(to, object, undefined);
  }

  /** Writes what a method's schema line promises, such as `Vector<User>` or `Bool`. */
  writeAs(to: Writer, type: string, value: TlValue): void {
    this.writer(type)(to, value);
  }

  private readBoxed(from: Reader, type: string | undefined): Tl {
    const id = from.uint();
    if (id === GZIP_PACKED) return this.readBoxed(new Reader(inflate(from.bytes())), type);
    const shape = this.byId.get(id);
    if (shape === undefined) {
      const other = this.find(id);
      if (other === undefined) throw new TlError(`unknown constructor ${id.toString(16)}`);
      from.offset -= 4;
      return other.readBoxed(from, type);
    }
    const { name, type: own, method } = shape.combinator;
    if (type !== undefined && (own !== type || method)) throw new TlError(`${name} is no ${type}`);
    shape.read ??= this.compileRead(shape.combinator);
    return shape.read(from);
  }

  private writeBoxed(to: Writer, value: TlValue, type: string | undefined): void {
    const { combinator, write } = this.shapeOf(value);
    if (type !== undefined && combinator.type !== type) throw new TlError(`${combinator.name} is no ${type}`);
    to.uint(combinator.id);
    write(to, value as Tl);
  }

  private shapeOf(value: TlValue): Required<Pick<Shape, 'combinator' | 'write'>> {
    if (!isTl(value)) throw new TlError(`an object was expected, not ${kind(value)}`);
    const shape = this.byName.get(value._);
    if (shape === undefined) throw new TlError(`unknown name ${value._}`);
    const write = (shape.write ??= this.compileWrite(shape.combinator));
    return { combinator: shape.combinator, write };
  }

  private compileRead({ name, fields }: Combinator): (from: Reader) => Tl {
    const steps = fields
      .filter((field) => !field.type.startsWith('!'))
      .map((field) => ({ ...field, read: field.type === 'true' ? () => true : this.reader(field.type) }));
    return (from) => {
      const object: Tl = { _: name };
      const words: Record<string, number> = {};
      for (const step of steps) {
        if (step.type === '#') words[step.name] = from.uint();
        else if (step.flag === undefined || ((words[step.flag.word] ?? 0) >>> step.flag.bit) & 1)
          object[step.name] = step.read(from);
      }
      return object;
    };
  }

  private compileWrite({ name, fields }: Combinator): (to: Writer, object: Tl) => void {
    const steps = fields.map((field) => ({ ...field, write: this.fieldWriter(name, field, fields) }));
    return (to, object) => {
      for (const step of steps) {
        const value = object[step.name];
        if (step.flag === undefined || isPresent(step, value))
          step.write(to, step.type === '#' ? object : value);
      }
    };
  }

  /** A `#` word is computed from the presence of the fields that it describes. */
  private fieldWriter(owner: string, field: Field, fields: readonly Field[]): Write {
    if (field.type === 'true') return () => undefined;
    if (field.type === '#') {
      const described = fields.filter((other) => other.flag?.word === field.name);
      return (to, object) => {
        let word = 0;
        for (const other of described)
          if (isPresent(other, (object as Tl)[other.name])) word |= 1 << (other.flag?.bit ?? 0);
        for (const other of described)
          if (
            other.type !== 'true' &&
            (word >>> (other.flag?.bit ?? 0)) & 1 &&
            !isPresent(other, (object as Tl)[other.name])
          )
            throw new TlError(`${owner}.${other.name} is missing beside a field of the same flag`);
        to.uint(word);
      };
    }
    const write = this.writer(field.type);
    return (to, value) => {
      try {
        write(to, value);
      } catch (error) {
        if (!(error instanceof TlError)) throw error;
        throw new TlError(`${owner}.${field.name}: ${error.message}`);
      }
    };
  }

  private reader(type: string): Read {
    const plain = READERS[type];
    if (plain !== undefined) return plain;
    const [, bareVector, item] = /^([Vv])ector<(.+)>$/.exec(type) ?? [];
    if (item !== undefined) {
      const read = this.reader(item);
      return (from) => {
        if (bareVector === 'V' && from.uint() !== VECTOR) throw new TlError('a vector was expected');
        const count = from.uint();
        // Every item takes a word or more, except a bare object without fields, which no schema puts in a vector.
        if (count > from.left / 4) throw new TlError('a vector longer than its data');
        return Array.from({ length: count }, () => read(from));
      };
    }
    if (!isBare(type)) return (from) => this.readBoxed(from, type);
    return (from) => {
      const shape = this.byName.get(type);
      if (shape === undefined) throw new TlError(`unknown type ${type}`);
      return (shape.read ??= this.compileRead(shape.combinator))(from);
    };
  }

  private writer(type: string): Write {
    const plain = WRITERS[type];
    if (plain !== undefined) return plain;
    const [, bareVector, item] = /^([Vv])ector<(.+)>$/.exec(type) ?? [];
    if (item !== undefined) {
      const write = this.writer(item);
      return (to, value) => {
        if (!Array.isArray(value)) throw new TlError(`an array was expected, not ${kind(value)}`);
        if (bareVector === 'V') to.uint(VECTOR);
        to.uint(value.length);
        for (const one of value) write(to, one);
      };
    }
    if (type === '!X' || type === 'X') return (to, value) => this.writeBoxed(to, value, undefined);
    if (!isBare(type)) return (to, value) => this.writeBoxed(to, value, type);
    return (to, value) => this.shapeOf(value).write(to, value as Tl);
  }
}

/** A `true` flag is present when it is true, every other field when it has a value. */
export function isPresent(field: Field, value: TlValue): boolean {
  return field.type === 'true' ? value === true : value !== undefined && value !== null;
}

export function isTl(value: TlValue): value is Tl {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

export function inflate(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: INFLATED_MAX });
  } catch {
    throw new TlError('gzip_packed holds no gzip data');
  }
}

/** Bare names start with a lower-case letter behind their namespace. */
function isBare(type: string): boolean {
  return /(?:^|\.)[a-z]\w*$/.test(type);
}

const READERS: Readonly<Record<string, Read>> = {
  '#': (from) => from.uint(),
  int: (from) => from.int(),
  long: (from) => from.long(),
  double: (from) => from.double(),
  int128: (from) => from.raw(16),
  int256: (from) => from.raw(32),
  string: (from) => from.bytes().toString('utf8'),
  bytes: (from) => from.bytes(),
  Bool: (from) => {
    const id = from.uint();
    if (id !== BOOL_TRUE && id !== BOOL_FALSE) throw new TlError('a Bool was expected');
    return id === BOOL_TRUE;
  },
};

const WRITERS: Readonly<Record<string, Write>> = {
  int: (to, value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) > 0xffffffff)
      throw new TlError(`an int was expected, not ${kind(value)}`);
    to.uint(number);
  },
  long: (to, value) => {
    if (typeof value === 'bigint') to.long(value);
    else if (Number.isSafeInteger(value)) to.long(BigInt(value as number));
    else throw new TlError(`a long was expected, not ${kind(value)}`);
  },
  double: (to, value) => {
    if (typeof value !== 'number') throw new TlError(`a double was expected, not ${kind(value)}`);
    to.double(value);
  },
  int128: (to, value) => to.raw(fixed(value, 16)),
  int256: (to, value) => to.raw(fixed(value, 32)),
  string: (to, value) => {
    if (typeof value !== 'string') throw new TlError(`a string was expected, not ${kind(value)}`);
    to.bytes(Buffer.from(value, 'utf8'));
  },
  bytes: (to, value) => {
    if (!Buffer.isBuffer(value)) throw new TlError(`bytes were expected, not ${kind(value)}`);
    to.bytes(value);
  },
  Bool: (to, value) => {
    if (typeof value !== 'boolean') throw new TlError(`a Bool was expected, not ${kind(value)}`);
    to.uint(value ? BOOL_TRUE : BOOL_FALSE);
  },
};

function fixed(value: TlValue, length: number): Buffer {
  if (!Buffer.isBuffer(value) || value.length !== length) throw new TlError(`${length} bytes were expected`);
  return value;
}

function kind(value: TlValue): string {
  if (Array.isArray(value)) return 'an array';
  return isTl(value) ? value._ : value === null ? 'null' : typeof value;
}
