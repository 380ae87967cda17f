import bigInt from 'big-integer';
import { TelegramClient } from 'telegram';
import type { TelegramClientParams } from 'telegram/client/telegramBaseClient.js';
import { AuthKey } from 'telegram/crypto/AuthKey.js';
import { _serverKeys } from 'telegram/crypto/RSA.js';
import { Logger, LogLevel } from 'telegram/extensions/Logger.js';
import { PromisedNetSockets } from 'telegram/extensions/PromisedNetSockets.js';
import { StringSession } from 'telegram/sessions/index.js';

/** The server that stock clients talk to. */
export interface StockServer {
  readonly host: string;
  /** Port by DC. */
  readonly ports: Readonly<Record<number, number>>;
  readonly publicKey: { readonly n: bigint; readonly e: number; readonly fingerprint: bigint };
}

export interface StockOptions {
  readonly dc?: number;
  /** A ready key (256 bytes) that the server knows; without it the client shakes hands. */
  readonly authKey?: Buffer;
  /** Official parameters of TelegramClient: `connection`, `retryDelay`, … */
  readonly params?: Partial<TelegramClientParams>;
}

/** Address that GramJS writes into its session; the socket class dials the local port instead. */
const LOOPBACK = '127.0.0.1';
const SESSION_PORT = 443;

const living = new Set<TelegramClient>();

/**
 * An unmodified GramJS client for the local Telegram: only its `networkSocket` option and one entry in its key
 * table are set. Not connected yet. Every client is tracked; call `destroyStockClients` in `afterEach`.
 */
export async function stockClient(server: StockServer, options: StockOptions = {}): Promise<TelegramClient> {
  const { fingerprint, n, e } = server.publicKey;
  _serverKeys.set(fingerprint.toString(), { n: bigInt(n.toString()), e });
  const dc = options.dc ?? 2;
  const session = new StringSession('');
  // A DC's address tells the socket class which local port is meant.
  session.setDC(dc, addressOf(dc), SESSION_PORT);
  if (options.authKey !== undefined) {
    const key = new AuthKey();
    await key.setKey(options.authKey);
    session.setAuthKey(key, dc);
  }
  const client = new TelegramClient(session, 1, 'hash', {
    connectionRetries: 5,
    retryDelay: 100,
    baseLogger: new Logger(LogLevel.NONE),
    networkSocket: socketFor(server),
    ...options.params,
  });
  client.onError = async () => undefined;
  living.add(client);
  return client;
}

/** 127.0.0.DC: what `help.getConfig` lists and the stock client's sockets understand. */
export function addressOf(dc: number): string {
  return LOOPBACK.replace(/1$/, String(dc));
}

function socketFor({ host, ports }: StockServer): typeof PromisedNetSockets {
  return class extends PromisedNetSockets {
    override async connect(_port: number, address: string): Promise<this> {
      const port = ports[Number(address.split('.').at(-1))] ?? Object.values(ports)[0];
      return (await super.connect(port ?? 0, host)) as this;
    }
  };
}

/** Private parts that `destroy()` forgets: media senders and the timers that would release them. */
interface MediaSenders {
  _exportedSenderPromises: Map<number, Promise<{ disconnect(): Promise<void> } | undefined>>;
  _exportedSenderReleaseTimeouts: Map<number, NodeJS.Timeout>;
}

/** Ends every client that was made, its media senders included. */
export async function destroyStockClients(): Promise<void> {
  const clients = [...living];
  living.clear();
  await Promise.all(clients.map(destroy));
}

async function destroy(client: TelegramClient): Promise<void> {
  // The one named boundary: the field names are those of telegram 2.26.22.
  const media = client as unknown as MediaSenders;
  for (const timer of media._exportedSenderReleaseTimeouts.values()) clearTimeout(timer);
  for (const sender of await Promise.allSettled(media._exportedSenderPromises.values()))
    if (sender.status === 'fulfilled') await sender.value?.disconnect();
  await client.destroy();
}
