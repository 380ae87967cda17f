/** Telegram's refusal in a thrown value. */

/** `FLOOD_WAIT_17` is type `FLOOD_WAIT`, argument 17; `FILE_REFERENCE_0_EXPIRED` is `FILE_REFERENCE_EXPIRED`, 0. */
export interface RpcRefusal {
  readonly code: number;
  readonly type: string;
  readonly argument?: number;
}

/** The refusal; undefined for lost answers, closed links and everything else that is not Telegram's word. */
export function rpcRefusalOf(thrown: unknown): RpcRefusal | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('type' in thrown)) return undefined;
  const { code, type } = thrown;
  if (typeof code !== 'number' || typeof type !== 'string') return undefined;
  const given = 'argument' in thrown && typeof thrown.argument === 'number' ? thrown.argument : undefined;
  const written = /_(\d+)(?=_|$)/.exec(type);
  const argument = given ?? (written === null ? undefined : Number(written[1]));
  const name = type.replace(/_(?:\d+|%d|X)(?=_|$)/, '');
  return argument === undefined ? { code, type: name } : { code, type: name, argument };
}
