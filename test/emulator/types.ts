/** The words that every part of the local Telegram shares: TL values, callers, errors. */

/** A TL object: `_` is the schema's snake_case name; longs are bigint, bytes Buffer, flags by presence. */
export interface Tl {
  _: string;
  [field: string]: TlValue;
}

export type TlValue = undefined | null | boolean | number | bigint | string | Buffer | Tl | TlValue[];

/** An error that the server answers with, by Telegram's own name (`FLOOD_WAIT_3`, `PEER_ID_INVALID`). */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
