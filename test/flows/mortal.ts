/** A process that dies at its n-th step: before the step is done, or after it but before the answer is heard. Then nothing answers any more. */

export interface Life {
  /** Steps taken so far. */
  readonly steps: number;
  readonly dead: boolean;
}

export interface Mortal extends Life {
  /** Resolves when what had left before the death has arrived: a heir starts after that, as after the end of a process. */
  ashes(): Promise<void>;
  /** The same object, whose every method is a step of this life. */
  wrap<T extends object>(part: T): T;
}

/** `at` counts from 1. */
export function mortal(at: number, when: 'before' | 'after', onDeath: () => void): Mortal {
  const life = { steps: 0, dead: false };
  /** The dead neither answer nor throw: whoever waits for them waits for ever, as after kill -9. */
  const silence = (): Promise<never> => new Promise<never>(() => undefined);
  const isDead = (): boolean => life.dead;
  const underWay = new Set<Promise<unknown>>();
  function die(): Promise<never> {
    life.dead = true;
    onDeath();
    return silence();
  }

  async function onItsWay(answer: unknown): Promise<unknown> {
    const promise = Promise.resolve(answer);
    underWay.add(promise);
    return promise.finally(() => underWay.delete(promise));
  }

  function step(method: (...args: unknown[]) => unknown, part: object) {
    return async (...args: unknown[]): Promise<unknown> => {
      if (isDead()) return silence();
      const last = ++life.steps === at;
      if (last && when === 'before') return die();
      const result = await onItsWay(method.apply(part, args));
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
    async ashes() {
      await Promise.allSettled(underWay);
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
