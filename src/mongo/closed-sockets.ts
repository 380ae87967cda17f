/**
 * The driver (7.9.0, lib/cmap/connection.js) waits for `drain` where a socket takes no more. A socket that the server has just closed
 * takes nothing and never drains, and until its `close` event the connection still counts as open: a command that falls between hangs
 * for ever, and a heartbeat that does ends the monitoring, so that the database is never found again. Where the socket tells of an error
 * first, the driver throws it as Node made it (`write EPIPE`), takes it for no loss of the connection and repeats nothing. Here the
 * wait ends with the socket, and always as a loss of the connection.
 */

import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { MongoError, MongoNetworkError } from 'mongodb';
import { GatewayError } from '../domain/errors.js';

/** As much of the driver's connection as this needs; the one place where its inside is touched. */
interface DriverConnection {
  readonly socket: Socket;
  writeCommand(...args: readonly unknown[]): Promise<void>;
}

let guarded = false;

/** For every client of this process; a second call changes nothing. Throws INTERNAL when the driver is built otherwise. */
export function endWritesWithTheirSocket(): void {
  if (guarded) return;
  const { prototype } = connectionClass();
  const write: unknown = Reflect.get(prototype, 'writeCommand');
  if (typeof write !== 'function') throw new GatewayError('INTERNAL', 'the database driver writes otherwise');
  prototype.writeCommand = async function guardedWrite(this: DriverConnection, ...args) {
    const { closed, forget } = closing(this.socket);
    try {
      await Promise.race([Reflect.apply(write, this, args), closed]);
    } catch (error) {
      // A document that cannot be written fails here too, on a socket that is well.
      throw error instanceof MongoError || !this.socket.destroyed ? error : lost(error);
    } finally {
      forget();
    }
  };
  guarded = true;
}

/** Rejects when the socket is closed, or is being closed already. */
function closing(socket: Socket): { readonly closed: Promise<never>; readonly forget: () => void } {
  let onClose = (): void => undefined;
  const closed = new Promise<never>((_, reject) => {
    onClose = () => reject(lost());
    if (socket.destroyed) onClose();
    else socket.once('close', onClose);
  });
  // Nobody may be waiting any more.
  closed.catch(() => undefined);
  return { closed, forget: () => socket.off('close', onClose) };
}

function lost(cause?: unknown): MongoNetworkError {
  const message = 'the connection was closed while a command was written';
  return new MongoNetworkError(message, cause instanceof Error ? { cause } : {});
}

function connectionClass(): { readonly prototype: DriverConnection } {
  const require = createRequire(import.meta.url);
  return (require('mongodb/lib/cmap/connection.js') as { Connection: { prototype: DriverConnection } })
    .Connection;
}
