import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../domain/errors.js';
import { BUILT_IN_ADDRESSES, type Address, type TelegramServer } from './server.js';

export type Purpose = 'main' | 'files';

/** Addresses by DC: what help.getConfig said last, before that the server's first addresses. One per server. */
export class DcDirectory {
  readonly #server: TelegramServer;
  #options: readonly tl.RawDcOption[] | undefined;

  constructor(server: TelegramServer) {
    this.#server = server;
  }

  /** True while every DC is looked for at the one address of a custom server. */
  get blind(): boolean {
    return this.#server.kind === 'custom' && this.#options === undefined;
  }

  learn(config: tl.TypeConfig): void {
    const usable = config.dcOptions.filter(isReachable);
    if (usable.length > 0) this.#options = usable;
  }

  /** Throws TELEGRAM_UNREACHABLE for a DC that nobody has named. */
  addressOf(dc: number, purpose: Purpose): Address {
    const known = this.#options?.filter((option) => option.id === dc) ?? [];
    const media = purpose === 'files' ? known.find((option) => option.mediaOnly === true) : undefined;
    const option = media ?? known.find((candidate) => candidate.mediaOnly !== true);
    if (option !== undefined) return { host: option.ipAddress, port: option.port };
    const first = this.#firstAddress(dc);
    if (first === undefined) throw new GatewayError('TELEGRAM_UNREACHABLE', `DC ${dc} has no address`);
    return first;
  }

  #firstAddress(dc: number): Address | undefined {
    const server = this.#server;
    if (server.kind !== 'custom') return BUILT_IN_ADDRESSES[server.kind][dc];
    return this.#options === undefined ? { host: server.host, port: server.port } : undefined;
  }
}

/** Plain IPv4 transport without a proxy secret or a CDN key: what the wire speaks. */
function isReachable(option: tl.RawDcOption): boolean {
  return (
    option.ipv6 !== true && option.cdn !== true && option.tcpoOnly !== true && option.secret === undefined
  );
}
