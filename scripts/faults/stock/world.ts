/** What the stock mirror is told: where Telegram is, and ready keys. */

export interface MirrorWorld {
  readonly host: string;
  readonly ports: Readonly<Record<number, number>>;
  readonly publicKey: { readonly n: string; readonly e: number; readonly fingerprint: string };
  /** Auth keys, base64. */
  readonly shop: string;
  readonly owner: string;
  readonly desk: string;
  readonly groupId: number;
}
