/** A process that dies at its n-th step: before the step is done, or after it but before the answer is heard. Then nothing answers any more. */

export interface Life {
  /** Steps taken so far. */
  readonly steps: number;
  readonly dead: boolean;
}

export interface Mortal extends Life {
  /** The same object, whose every method is a step of this life. */
  wrap<T extends object>(part: T): T;
}

/** `at` counts from 1; a life with `at` infinite only counts. */
export function mortal(at: number, when: 'before' | 'after', onDeath: () => void): Mortal {
  let steps = 0;
  let dead = false;
  /** The dead neither answer nor throw: whoever waits for them waits for ever, as after kill -9. */
  const silence = (): Promise<never> => new Promise<never>(() => undefined);
  function die(): Promise<never> {
    dead = true;
    onDeath();
    return silence();
  }

  function step(method: (...args: unknown[]) => unknown, part: object) {
    return async (...args: unknown[]): Promise<unknown> => {
      if (dead) return silence();
      const mine = ++steps;
      if (mine === at && when === 'before') return die();
      const result = await method.apply(part, args);
      if (dead || mine === at) return dead ? silence() : die();
      return result;
    };
  }

  return {
    get steps() {
      return steps;
    },
    get dead() {
      return dead;
    },
    wrap<T extends object>(part: T): T {
      return new Proxy(part, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value === 'function') return step(value as (...args: unknown[]) => unknown, target);
          return value;
        },
      });
    },
  };
}
