/** The words of a login: what it needs to begin, and what each step asks, shows or answers. */

import type { ConnectionKind } from '../../domain/connection.js';
import type { GatewayError } from '../../domain/errors.js';

export type LoginStart =
  | { readonly kind: 'bot'; readonly token?: string }
  | { readonly kind: 'phone'; readonly phone?: string }
  | { readonly kind: 'qr' };

export type Question = 'token' | 'phone' | 'code' | 'password';

/** Whose session the login has made, and its key. */
export interface LoggedIn {
  readonly step: 'done';
  /** Decimal. */
  readonly userId: string;
  readonly name: string;
  readonly username?: string;
  readonly kind: ConnectionKind;
  /** 256 bytes; a secret. */
  readonly authKey: Uint8Array;
  readonly dc: number;
  /** Telegram's counters (updates.getState) at the moment of the login: mirroring begins here. */
  readonly counters: {
    readonly pts: number;
    readonly qts: number;
    readonly seq: number;
    readonly date: number;
  };
}

export type Step =
  /** Answer it with `next(input)`. */
  | {
      readonly step: 'ask';
      readonly what: Question;
      /** Where the code went, or the owner's own hint for the password. */
      readonly hint?: string;
      /** The last input was wrong: a plain sentence that asks for another one. */
      readonly error?: string;
      /** The same as an error, for a caller that does not ask again. */
      readonly failure?: GatewayError;
    }
  /** Show it, then call `next()`: it waits until somebody scanned the code or it has to be shown anew. */
  | { readonly step: 'show'; readonly what: 'qr'; readonly url: string; readonly expiresAt: number }
  | LoggedIn
  | { readonly step: 'failed'; readonly error: GatewayError };

/** One login under way. It writes nothing anywhere; its link is closed before `done` or `failed` is answered. */
export interface Login {
  /**
   * The next step. The first call begins; an `ask` is answered by the input of the following call (without input it is asked
   * again); after `done` or `failed` the same step is answered for ever. Never rejects.
   */
  next(input?: string): Promise<Step>;
  /** Gives up and closes the link; a waiting `next` answers `failed`. Harmless after the end. */
  cancel(): Promise<void>;
}
