/** Why an address cannot be had, and the way out. */

import { GatewayError } from '../domain/errors.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** CONFIG_INVALID naming HTTP_LISTEN for what the machine refuses; anything else as it is. */
export function listeningError(error: unknown, { host, port }: ListenAddress): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason === undefined) return error;
  const shown = host.includes(':') ? `[${host}]` : host;
  return new GatewayError(
    'CONFIG_INVALID',
    `HTTP_LISTEN=${shown}:${port} ${reason(`${shown}:${port < 65_535 ? port + 1 : port - 1}`)}`,
    {
      cause: error,
    },
  );
}

const off = 'or turn it off with HTTP_LISTEN=off';

const reasons: Readonly<Record<string, ((next: string) => string) | undefined>> = {
  EADDRINUSE: (next) =>
    `is taken by another program; two gateways on one machine need different ports: give this one another, for example HTTP_LISTEN=${next}, ${off}.`,
  EACCES: () =>
    `may not be opened by this user; give a port from 1024 on, for example HTTP_LISTEN=127.0.0.1:8080, ${off}.`,
  EADDRNOTAVAIL: () =>
    `is no address of this machine; give one that it has, for example HTTP_LISTEN=127.0.0.1:8080, ${off}.`,
  ENOTFOUND: () =>
    `names a host that nobody knows; give an address, for example HTTP_LISTEN=127.0.0.1:8080, ${off}.`,
};
