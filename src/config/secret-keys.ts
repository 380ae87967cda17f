/** One key of the ring, as runtime/keyring.ts takes it. */
export interface SecretKey {
  /** Its name, written into every text that it seals. */
  readonly kid: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

const keyBytes = 32;

/** `kid:base64,kid:base64`, as in SECRET_KEYS and the key file; undefined if any of it is malformed or a name stands twice. */
export function parseKeys(text: string): readonly SecretKey[] | undefined {
  const keys: SecretKey[] = [];
  for (const part of text.split(',')) {
    const match = /^([\w-]{1,32}):([A-Za-z\d+/_-]{43}=?)$/.exec(part.trim());
    const [, kid = '', base64 = ''] = match ?? [];
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length !== keyBytes || keys.some((key) => key.kid === kid)) return undefined;
    keys.push({ kid, bytes });
  }
  return keys;
}

export function formatKey({ kid, bytes }: SecretKey): string {
  return `${kid}:${Buffer.from(bytes).toString('base64')}`;
}
