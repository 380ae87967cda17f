import { keyIdOf } from '../crypto/message.js';
import type { Tl } from '../types.js';
import type { Salted } from './salts.js';

/** An auth key and what belongs to it: an authorisation. */
export interface AuthKey extends Salted {
  readonly name: string;
  readonly key: Buffer;
  readonly dc: number;
  readonly createdAt: number;
  readonly scratch: Map<string, unknown>;
  userId: bigint | undefined;
  device: Tl | undefined;
  /** Layer of the last invokeWithLayer; 0 before the first. */
  layer: number;
  address: string;
  activeAt: number;
}

export interface NewKey {
  readonly key: Buffer;
  readonly dc: number;
  readonly now: number;
  readonly firstSalt?: bigint;
  readonly userId?: bigint | undefined;
}

/** The keys that this server knows, by their id in hex. */
export class Keys {
  private readonly known = new Map<string, AuthKey>();

  /** Undefined: a key of this id exists. */
  add({ key, dc, now, firstSalt, userId }: NewKey): AuthKey | undefined {
    const id = keyIdOf(key);
    const name = id.toString('hex');
    if (this.known.has(name)) return undefined;
    const added: AuthKey = {
      id,
      name,
      key,
      dc,
      createdAt: now,
      activeAt: now,
      saltGeneration: 0,
      scratch: new Map(),
      userId,
      device: undefined,
      layer: 0,
      address: '',
      ...(firstSalt === undefined ? {} : { firstSalt: { salt: firstSalt, until: now + 3_600_000 } }),
    };
    this.known.set(name, added);
    return added;
  }

  get(name: string): AuthKey | undefined {
    return this.known.get(name);
  }

  delete(name: string): boolean {
    return this.known.delete(name);
  }

  all(): AuthKey[] {
    return [...this.known.values()];
  }

  of(userId: bigint): AuthKey[] {
    return this.all().filter((key) => key.userId === userId);
  }
}
