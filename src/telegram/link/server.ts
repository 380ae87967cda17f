/** Which Telegram: the built-in ones by their published addresses, or a server of one's own. */

export type TelegramServer =
  | { readonly kind: 'production' }
  | { readonly kind: 'test' }
  /** `host:port` is the first address for any DC; the others come from help.getConfig. The key is SPKI or PKCS#1 PEM. */
  | { readonly kind: 'custom'; readonly host: string; readonly port: number; readonly publicKeyPem: string };

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Published first addresses by DC number (https://my.telegram.org and the clients' sources). */
export const BUILT_IN_ADDRESSES: Readonly<Record<'production' | 'test', Readonly<Record<number, Address>>>> =
  {
    production: {
      1: { host: '149.154.175.53', port: 443 },
      2: { host: '149.154.167.51', port: 443 },
      3: { host: '149.154.175.100', port: 443 },
      4: { host: '149.154.167.91', port: 443 },
      5: { host: '91.108.56.130', port: 443 },
    },
    test: {
      1: { host: '149.154.175.10', port: 443 },
      2: { host: '149.154.167.40', port: 443 },
      3: { host: '149.154.175.117', port: 443 },
    },
  };

/** Where a login starts when nobody knows the account's DC yet. */
export const DEFAULT_DC = 2;
