/** Where a file lies at Telegram, packed into the opaque `Media.file`. Valid only for the account that saw the message. */

import { GatewayError } from '../../domain/errors.js';

export interface FileLocation {
  /** The DC that holds it. */
  readonly dc: number;
  readonly type: 'photo' | 'document';
  /** Decimal. */
  readonly id: string;
  /** Decimal, signed. */
  readonly accessHash: string;
  /** Expires within hours; a new one comes with the message that carries the file. */
  readonly fileReference: Uint8Array;
  /** Which size of a photo. */
  readonly thumbSize?: string;
  /** 0 where Telegram does not say. */
  readonly bytes: number;
}

/** Base64url of a JSON tuple: short, and a text as the store wants it. */
export function encodeFile(file: FileLocation): string {
  const { dc, type, id, accessHash, fileReference, thumbSize, bytes } = file;
  const reference = Buffer.from(fileReference).toString('base64url');
  const tuple = [dc, type === 'photo' ? 'p' : 'd', id, accessHash, reference, bytes, thumbSize ?? ''];
  return Buffer.from(JSON.stringify(tuple)).toString('base64url');
}

/** Throws INTERNAL for anything that `encodeFile` did not write. */
export function decodeFile(token: string): FileLocation {
  const tuple = parse(token);
  if (!isTuple(tuple)) throw new GatewayError('INTERNAL', 'a file token is malformed');
  const [dc, type, id, accessHash, reference, bytes, thumbSize] = tuple;
  return {
    dc,
    type: type === 'p' ? 'photo' : 'document',
    id,
    accessHash,
    fileReference: Buffer.from(reference, 'base64url'),
    bytes,
    ...(thumbSize === '' ? {} : { thumbSize }),
  };
}

type Tuple = [number, string, string, string, string, number, string];

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isTuple(value: unknown): value is Tuple {
  const types = ['number', 'string', 'string', 'string', 'string', 'number', 'string'];
  return (
    Array.isArray(value) &&
    value.length === types.length &&
    types.every((type, i) => typeof value[i] === type)
  );
}
