import { badRequest } from './errors.js';

/** A file inside the request. */
export interface Upload {
  name: string;
  mimeType?: string;
  bytes: Buffer;
}

/**
 * The parameters of a request, or the fields of an object inside one. Every value may come as JSON or as text: a
 * number as "5", a list as "[1,2]" (core.telegram.org/bots/api#making-requests). Absent and empty are the same.
 */
export class Params {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #uploads: ReadonlyMap<string, Upload>;

  constructor(values: Iterable<[string, unknown]>, uploads: ReadonlyMap<string, Upload> = new Map()) {
    this.#values = new Map(values);
    this.#uploads = uploads;
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.#uploads.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (typeof value === 'string') return value === '' ? undefined : value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }

  /** Throws "parameter "NAME" is required". */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw badRequest(`parameter "${name}" is required`);
    return value;
  }

  int(name: string): number | undefined {
    const value = this.number(name);
    return value === undefined ? undefined : Math.trunc(value);
  }

  requiredInt(name: string): number {
    const value = this.int(name);
    if (value === undefined) throw badRequest(`parameter "${name}" is required`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number)) throw badRequest(`field "${name}" must be of type Number`);
    return number;
  }

  flag(name: string): boolean {
    return ['true', '1', 'yes', 'True'].includes(this.text(name) ?? '');
  }

  /** The fields of an object. Throws "can't parse NAME" for anything else. */
  object(name: string): Params | undefined {
    const value = this.#structure(name);
    return value === undefined ? undefined : this.#nested(name, value);
  }

  /** A list of objects. */
  objects(name: string): Params[] | undefined {
    return this.list(name)?.map((value) => this.#nested(name, value));
  }

  list(name: string): unknown[] | undefined {
    const value = this.#structure(name);
    if (value === undefined || Array.isArray(value)) return value;
    throw badRequest(`can't parse ${name}: expected an Array`);
  }

  ints(name: string): number[] | undefined {
    return this.list(name)?.map((value) => {
      if (!Number.isInteger(Number(value))) throw badRequest(`can't parse ${name}: expected numbers`);
      return Number(value);
    });
  }

  /** The file sent under this name, or the one that `attach://…` points at. */
  upload(name: string): Upload | undefined {
    const own = this.#uploads.get(name);
    if (own) return own;
    const attached = /^attach:\/\/(.+)$/.exec(this.text(name) ?? '')?.[1];
    if (attached === undefined) return undefined;
    const upload = this.#uploads.get(attached);
    if (!upload) throw badRequest(`file "${attached}" is not attached`);
    return upload;
  }

  #structure(name: string): unknown {
    const value = this.#values.get(name);
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw badRequest(`can't parse ${name} JSON object`);
    }
  }

  #nested(name: string, value: unknown): Params {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw badRequest(`can't parse ${name}: expected an Object`);
    }
    return new Params(Object.entries(value), this.#uploads);
  }
}
