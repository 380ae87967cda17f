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

/** `at` counts from 1. */
export function mortal(at: number, when: 'before' | 'after', onDeath: () => void): Mortal {
  const life = { steps: 0, dead: false };
  /** The dead neither answer nor throw: whoever waits for them waits for ever, as after kill -9. */
  const silence = (): Promise<never> => new Promise<never>(() => undefined);
  const isDead = (): boolean => life.dead;
  function die(): Promise<never> {
    life.dead = true;
    onDeath();
    return silence();
  }

  function step(method: (...args: unknown[]) => unknown, part: object) {
    return async (...args: unknown[]): Promise<unknown> => {
      if (isDead()) return silence();
      const last = ++life.steps === at;
      if (last && when === 'before') return die();
      const result = await method.apply(part, args);
      if (isDead()) return silence();
      return last ? die() : result;
    };
  }

  return {
    get steps() {
      return life.steps;
    },
    get dead() {
      return life.dead;
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
