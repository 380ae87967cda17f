/** Auth keys at rest: a row of `Sessions` is this JSON, sealed by the keyring for its owner alone. */

import type { ConnectionKind } from '../../domain/connection.js';
import { GatewayError } from '../../domain/errors.js';
import type { OwnerId } from '../../domain/ids.js';
import type { KeyRing } from '../../ports/runtime.js';
import type { Sessions } from '../../ports/store.js';

/** What a session needs to speak as its user again. */
export interface SessionKey {
  readonly dc: number;
  /** 256 bytes; a secret. */
  readonly authKey: Uint8Array;
  /** Decimal. */
  readonly userId: string;
  readonly kind: ConnectionKind;
  /** As it was at the login. */
  readonly username?: string;
}

export interface SessionKeys {
  /** Undefined when nobody has logged in; throws KEY_WRONG when the row does not open with the keys given to us. */
  load(owner: OwnerId): Promise<SessionKey | undefined>;
  /** Replaces the owner's row: the former key is of no use after a new login. */
  save(owner: OwnerId, key: SessionKey): Promise<void>;
  remove(owner: OwnerId): Promise<void>;
  /** Changes whenever somebody has logged in again; says nothing about the key. */
  mark(owner: OwnerId): Promise<string | undefined>;
}

/** Session keys over a store that sees sealed text only; the context of the seal is the owner's id. */
export function createSessionKeys(sessions: Sessions, keyring: KeyRing): SessionKeys {
  return {
    async load(owner) {
      const sealed = await sessions.load(owner);
      return sealed === undefined ? undefined : readKey(keyring.open(sealed, owner));
    },
    async save(owner, { dc, authKey, userId, kind, username }) {
      const row: SealedRow = {
        dc,
        authKey: Buffer.from(authKey).toString('base64'),
        userId,
        kind,
        ...(username === undefined ? {} : { username }),
      };
      await sessions.save(owner, keyring.seal(Buffer.from(JSON.stringify(row)), owner));
    },
    remove: (owner) => sessions.remove(owner),
    mark: (owner) => sessions.load(owner),
  };
}

type SealedRow = Omit<SessionKey, 'authKey'> & { readonly authKey: string };

/** What opens under the right key was written by us; a text of another shape means that the key is not ours. */
function readKey(plain: Uint8Array): SessionKey {
  try {
    const row: unknown = JSON.parse(Buffer.from(plain).toString());
    if (isRow(row)) return { ...row, authKey: Buffer.from(row.authKey, 'base64') };
  } catch {
    // The parser's message would quote the text.
  }
  throw new GatewayError('KEY_WRONG');
}

function isRow(value: unknown): value is SealedRow {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as Partial<Record<keyof SealedRow, unknown>>;
  return (
    typeof row.dc === 'number' &&
    typeof row.authKey === 'string' &&
    typeof row.userId === 'string' &&
    (row.kind === 'bot' || row.kind === 'account')
  );
}
