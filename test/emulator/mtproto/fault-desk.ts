import { FAULTS, type Fault, type FaultName, type Faults, type FaultWhen } from './faults.js';

/** What a call, push or connection says about itself, to be matched with a fault's `when`. */
export interface Matter {
  readonly user?: bigint | undefined;
  readonly method?: string;
  readonly updates?: readonly string[];
  readonly dc?: number;
}

/** What the desk asks of the server at once. */
export interface FaultEffects {
  close(when: FaultWhen, how: 'end' | 'reset'): void;
  forgetSessions(when: FaultWhen): void;
  rotateSalts(when: FaultWhen): void;
  /** The set of standing faults changed. */
  changed(): void;
}

interface Standing {
  readonly id: string;
  readonly fault: Fault;
  left: number | undefined;
}

type Named<N extends FaultName> = Extract<Fault, { name: N }>;

/** Keeps the standing faults in the order they were added, and uses them up. */
export class FaultDesk implements Faults {
  private readonly effects: FaultEffects;
  private standing: Standing[] = [];
  private count = 0;

  constructor(effects: FaultEffects) {
    this.effects = effects;
  }

  add(fault: Fault): string {
    this.count += 1;
    const id = `fault-${this.count}`;
    if (FAULTS[fault.name][0] === 'now') this.act(fault);
    else {
      this.standing.push({ id, fault, left: fault.times });
      this.effects.changed();
    }
    return id;
  }

  remove(id: string): boolean {
    const kept = this.standing.filter((one) => one.id !== id);
    const found = kept.length < this.standing.length;
    this.standing = kept;
    if (found) this.effects.changed();
    return found;
  }

  clear(): void {
    this.standing = [];
    this.effects.changed();
  }

  list(): { readonly id: string; readonly fault: Fault; readonly left: number | undefined }[] {
    return this.standing.map(({ id, fault, left }) => ({ id, fault, left }));
  }

  /** The first standing fault of these names that matches; one of its times is used. */
  take<N extends FaultName>(names: readonly N[], matter: Matter): Named<N> | undefined {
    if (this.standing.length === 0) return undefined;
    const found = this.standing.find(({ fault }) => isNamed(fault, names) && matches(fault.when, matter));
    if (found === undefined || !isNamed(found.fault, names)) return undefined;
    if (found.left !== undefined) {
      found.left -= 1;
      if (found.left <= 0) this.remove(found.id);
    }
    return found.fault;
  }

  /** Standing faults of one name, whomever they hit; nothing is used up. */
  all<N extends FaultName>(name: N): Named<N>[] {
    return this.standing.map(({ fault }) => fault).filter((fault) => isNamed(fault, [name]));
  }

  private act(fault: Fault): void {
    const when = fault.when ?? {};
    if (fault.name === 'socket.close') this.effects.close(when, 'end');
    if (fault.name === 'socket.reset') this.effects.close(when, 'reset');
    if (fault.name === 'session.forget') this.effects.forgetSessions(when);
    if (fault.name === 'session.salt') this.effects.rotateSalts(when);
  }
}

/** Whether `when` covers this matter: every word it says must agree. */
export function matches(when: FaultWhen | undefined, matter: Matter): boolean {
  if (when === undefined) return true;
  if (when.user !== undefined && when.user !== matter.user) return false;
  if (when.method !== undefined && when.method !== matter.method) return false;
  if (when.dc !== undefined && when.dc !== matter.dc) return false;
  return when.update === undefined || matter.updates?.includes(when.update) === true;
}

function isNamed<N extends FaultName>(fault: Fault, names: readonly N[]): fault is Named<N> {
  return (names as readonly FaultName[]).includes(fault.name);
}
