/** What a caller of the control channel got wrong, in one sentence: answered with 400. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** The fields of a JSON object that somebody sent. */
export class Input {
  /** How error sentences name the object. */
  readonly what: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown, what: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ControlError(`${what} must be a JSON object.`);
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.what = what;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  /** A text, or a number as its digits. */
  maybeText(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw this.#wrong(name, 'a text');
  }

  text(name: string): string {
    return this.maybeText(name) ?? this.#missing(name);
  }

  maybeInt(name: string): number | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (!Number.isSafeInteger(Number(value)) || typeof value === 'boolean')
      throw this.#wrong(name, 'a whole number');
    return Number(value);
  }

  int(name: string): number {
    return this.maybeInt(name) ?? this.#missing(name);
  }

  /** False when it is not there. */
  flag(name: string, absent = false): boolean {
    const value = this.#fields[name] ?? absent;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  /** A list; a single value counts as a list of one, nothing as an empty one. */
  list(name: string): unknown[] {
    const value = this.#fields[name];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : [value];
  }

  texts(name: string): string[] {
    return this.list(name).map((value) => {
      if (typeof value === 'string' || typeof value === 'number') return String(value);
      throw this.#wrong(name, 'a list of texts');
    });
  }

  ints(name: string): number[] {
    return this.list(name).map((value) => {
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      throw this.#wrong(name, 'a list of whole numbers');
    });
  }

  object(name: string): Input | undefined {
    return this.has(name) ? new Input(this.#fields[name], `"${name}" of ${this.what}`) : undefined;
  }

  objects(name: string): Input[] {
    return this.list(name).map((value) => new Input(value, `"${name}" of ${this.what}`));
  }

  #missing(name: string): never {
    throw new ControlError(`${this.what} needs "${name}".`);
  }

  #wrong(name: string, expected: string): ControlError {
    return new ControlError(`"${name}" of ${this.what} must be ${expected}.`);
  }
}
