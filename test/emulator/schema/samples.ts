import type { Tl, TlValue } from '../types.js';
import type { Combinator, Field } from './parse.js';

/** Random objects of a schema, the same for the same seed; for round trips against other codecs. */
export class Samples {
  private readonly byType = new Map<string, Combinator[]>();
  private readonly heights = new Map<string, number>();
  private state: number;

  constructor(combinators: readonly Combinator[], seed: number) {
    this.state = seed;
    for (const one of combinators.filter(({ method }) => !method))
      this.byType.set(one.type, [...(this.byType.get(one.type) ?? []), one]);
    this.measure();
  }

  /** An object of this line; optional fields are present or not by chance. */
  object(line: Combinator, depth = 3): Tl {
    const object: Tl = { _: line.name };
    const bits = new Map<string, boolean>();
    for (const field of line.fields) {
      if (field.type === '#') continue;
      if (field.flag !== undefined) {
        const bit = `${field.flag.word}.${field.flag.bit}`;
        if (!bits.has(bit)) bits.set(bit, (depth > 0 || field.type === 'true') && this.chance(2));
        if (bits.get(bit) !== true) continue;
      }
      object[field.name] = this.value(field.type, depth - 1);
    }
    return object;
  }

  private value(type: string, depth: number): TlValue {
    const item = /^[Vv]ector<(.+)>$/.exec(type)?.[1];
    if (item !== undefined) return Array.from({ length: 1 + this.below(2) }, () => this.value(item, depth));
    const plain = this.plain(type);
    if (plain !== undefined) return plain;
    const lines = this.byType.get(type) ?? [];
    const flat = [...lines].sort((a, b) => this.height(a) - this.height(b))[0];
    const line = depth > 0 ? lines[this.below(lines.length)] : flat;
    if (line === undefined) throw new Error(`no constructor of ${type}`);
    return this.object(line, depth);
  }

  private plain(type: string): TlValue {
    if (type === 'true') return true;
    if (type === 'Bool') return this.chance(2);
    if (type === 'int') return this.below(0x7fffffff) - (this.chance(2) ? 0x7fffffff : 0);
    // 53 bits: mtcute's int53 can hold no more.
    if (type === 'long') return BigInt(this.below(0x1fffff)) * 0x100000000n + BigInt(this.below(0xffffffff));
    if (type === 'double') return this.below(1000) / 8;
    if (type === 'string') return 'aж😀'.repeat(this.below(70));
    if (type === 'bytes') return Buffer.alloc(this.below(300), this.below(256));
    if (type === 'int128') return Buffer.alloc(16, 1 + this.below(127));
    return type === 'int256' ? Buffer.alloc(32, 1 + this.below(127)) : undefined;
  }

  /** Levels of objects that a type needs at least: what ends the recursion. */
  private measure(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const [type, lines] of this.byType) {
        const least = Math.min(...lines.map((line) => this.height(line)));
        if (least < (this.heights.get(type) ?? Infinity)) {
          this.heights.set(type, least);
          changed = true;
        }
      }
    }
  }

  private height({ fields }: Combinator): number {
    const needed = fields
      .filter((field: Field) => field.flag === undefined)
      .map(({ type }) => {
        const item = /<(.+)>/.exec(type)?.[1] ?? type;
        if (item === '#' || this.plain(item) !== undefined) return 0;
        return 1 + (this.heights.get(item) ?? Infinity);
      });
    return Math.max(0, ...needed);
  }

  private chance(of: number): boolean {
    return this.below(of) === 0;
  }

  /** mulberry32. */
  private below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  }
}
