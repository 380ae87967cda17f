/** Auth keys at rest: a row of `Sessions` is this JSON, sealed by the keyring for its owner alone. */

import type { ConnectionKind } from '../../domain/connection.js';
import { GatewayError } from '../../domain/errors.js';
import type { OwnerId } from '../../domain/ids.js';
import type { Sessions } from '../../ports/store.js';

/** What a session needs to speak as its user again. */
export interface SessionKey {
  readonly dc: number;
  /** 256 bytes; a secret. */
  readonly authKey: Uint8Array;
  /** Decimal. */
  readonly userId: string;
  readonly kind: ConnectionKind;
}

/** Seals and opens texts; what was sealed in one context does not open in another. */
export interface Keyring {
  seal(plain: string, context: string): string;
  /** Throws KEY_WRONG. */
  open(sealed: string, context: string): string;
}

export interface SessionKeys {
  /** Undefined when nobody has logged in; throws KEY_WRONG when the row does not open with the given keys. */
  load(owner: OwnerId): Promise<SessionKey | undefined>;
  save(owner: OwnerId, key: SessionKey): Promise<void>;
  remove(owner: OwnerId): Promise<void>;
}
