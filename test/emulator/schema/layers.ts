import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Tl, TlValue } from '../types.js';
import { Reader, TlError, Writer } from './bytes.js';
import { Codec, GZIP_PACKED, inflate } from './codec.js';
import { downgrade } from './downgrade.js';
import { parseJson, parseTl, type Combinator } from './parse.js';

/** A request without its wrappers. */
export interface Unwrapped {
  readonly request: Tl;
  /** invokeWithLayer, initConnection, invokeAfterMsg, … from the outside in, without their queries. */
  readonly wrappers: readonly Tl[];
}

const require = createRequire(import.meta.url);

/** Parsed once per process. */
let installed: readonly (readonly [number, readonly Combinator[]])[] | undefined;

/** The API schemas of one process: any of them reads, the connection's layer (or the next lower) writes. */
export class Layers {
  private readonly codecs = new Map<number, Codec>();
  /** Newest first. */
  private order: number[] = [];

  /** 198 and 223 are data of installed packages. */
  static installed(): Layers {
    installed ??= [
      [198, parseTl(require('telegram/tl/apiTl.js') as string)],
      [223, parseJson(readFileSync(require.resolve('@mtcute/tl/api-schema.json'), 'utf8'))],
    ];
    const layers = new Layers();
    for (const [layer, combinators] of installed) layers.add(layer, combinators);
    return layers;
  }

  /** Adds a layer from TL text. */
  addLayer(layer: number, text: string): void {
    this.add(layer, parseTl(text));
  }

  get newest(): number {
    return this.order[0] ?? 0;
  }

  /**
   * Reads a request and takes off its wrappers, gzip_packed at any depth included.
   * Errors: TlError when any part can't be read.
   */
  readRequest(body: Buffer): Unwrapped {
    const wrappers: Tl[] = [];
    let from = new Reader(body);
    for (;;) {
      if (from.left >= 4 && from.data.readUInt32LE(from.offset) === GZIP_PACKED) {
        from.uint();
        from = new Reader(inflate(from.bytes()));
        continue;
      }
      const object = this.codec(this.newest).read(from);
      const line = this.line(object._);
      if (line?.method !== true) throw new TlError(`${object._} is no method`);
      if (!line.fields.some((field) => field.type === '!X')) return { request: object, wrappers };
      wrappers.push(object);
    }
  }

  /** Reads any object of any layer (tests, stored bytes). */
  read(data: Buffer): Tl {
    return this.codec(this.newest).read(new Reader(data));
  }

  /** Writes a method's answer for a client of `layer`. Errors: TlError when the answer doesn't fit its type. */
  writeAnswer(layer: number, method: string, answer: TlValue): Buffer {
    const own = this.codec(layer);
    const line = own.combinator(method) ?? this.line(method);
    if (line === undefined) throw new TlError(`no layer has ${method}`);
    const down = this.fit(answer, line.type, own);
    if (down === undefined) throw new TlError(`layer ${layer} can't say the answer of ${method}`);
    const to = new Writer();
    own.writeAs(to, line.type, down);
    return to.done();
  }

  /** Writes one object for a client of `layer`; undefined when that layer can't say it. */
  write(layer: number, object: Tl, type = 'Updates'): Buffer | undefined {
    const own = this.codec(layer);
    const down = this.fit(object, type, own);
    if (down === undefined) return undefined;
    const to = new Writer();
    own.writeAs(to, type, down);
    return to.done();
  }

  private add(layer: number, combinators: readonly Combinator[]): void {
    const find = (id: number): Codec | undefined => {
      const known = this.order.find((other) => this.codecs.get(other)?.knows(id) === true);
      return known === undefined ? undefined : this.codecs.get(known);
    };
    this.codecs.set(layer, new Codec(combinators, find));
    this.order = [...this.codecs.keys()].sort((a, b) => b - a);
  }

  /** The codec that writes for `layer`: its own, the nearest lower one, else the oldest. */
  private codec(layer: number): Codec {
    const nearest = this.order.find((known) => known <= layer) ?? this.order.at(-1);
    const codec = nearest === undefined ? undefined : this.codecs.get(nearest);
    if (codec === undefined) throw new TlError('no schema was added');
    return codec;
  }

  private line(name: string): Combinator | undefined {
    for (const layer of this.order) {
      const line = this.codecs.get(layer)?.combinator(name);
      if (line !== undefined) return line;
    }
    return undefined;
  }

  private fit(value: TlValue, type: string, own: Codec): TlValue {
    const newest = this.codec(this.newest);
    if (own === newest) return value;
    // A handler's mistake is named as such, before it looks like something that the older layer lacks.
    newest.writeAs(new Writer(), type, value);
    return downgrade(value, type, own, newest);
  }
}
