import type { Socket } from 'node:net';
import { Reader, TlError, Writer } from '../schema/bytes.js';
import { TransportError } from '../transport/framing.js';
import { Transport } from '../transport/transport.js';
import type { Core } from './core.js';
import { Handshake, HandshakeError } from './handshake.js';
import { receive } from './intake.js';
import type { AuthKey } from './keys.js';
import type { Channel } from './place.js';

/** One TCP connection: bytes to packets, plain packets to the handshake, sealed ones to the intake. */
export class Connection implements Channel {
  readonly dc: number;
  readonly address: string;
  /** The key of the last sealed packet. */
  key: AuthKey | undefined;
  private readonly core: Core;
  private readonly socket: Socket;
  private readonly transport = new Transport();
  private readonly handshake: Handshake;
  /** A black hole neither reads nor writes; a half-open connection only reads. */
  private broken: 'deaf' | 'mute' | undefined;
  private cancelDelay: (() => void) | undefined;

  constructor(core: Core, socket: Socket, dc: number, onClose: (connection: Connection) => void) {
    this.core = core;
    this.socket = socket;
    this.dc = dc;
    this.address = socket.remoteAddress ?? '';
    this.handshake = new Handshake({
      rsa: core.rsa,
      dc,
      now: () => core.clock.now(),
      keep: (key, firstSalt) => core.keys.add({ key, dc, now: core.clock.now(), firstSalt }) !== undefined,
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.feed(chunk));
    // A reset by the client is its right; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.cancelDelay?.();
      onClose(this);
    });
  }

  get open(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  send(packet: Buffer): void {
    this.breakBy('socket.black-hole');
    this.breakBy('socket.half-open');
    if (this.broken === undefined && this.open) this.socket.write(this.transport.frame(packet));
  }

  /** A transport error (https://core.telegram.org/mtproto/mtproto-transports#transport-errors) and the end. */
  fail(code: number): void {
    const packet = Buffer.alloc(4);
    packet.writeInt32LE(code);
    this.send(packet);
    this.close();
  }

  close(how: 'end' | 'reset' = 'end'): void {
    if (how === 'reset') this.socket.resetAndDestroy();
    else this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Closes after `ms`, unless asked again before (ping_delay_disconnect). */
  closeAfter(ms: number): void {
    this.cancelDelay?.();
    this.cancelDelay = this.core.clock.after(ms, () => this.close());
  }

  matter(): { user: bigint | undefined; dc: number } {
    return { user: this.key?.userId, dc: this.dc };
  }

  /** A standing fault breaks this connection for good. */
  private breakBy(name: 'socket.black-hole' | 'socket.half-open'): void {
    if (this.broken === 'deaf' || (this.broken === 'mute' && name === 'socket.half-open')) return;
    if (this.core.desk.take([name], this.matter()) !== undefined)
      this.broken = name === 'socket.black-hole' ? 'deaf' : 'mute';
  }

  private feed(chunk: Buffer): void {
    this.breakBy('socket.black-hole');
    if (this.broken === 'deaf') return;
    try {
      for (const packet of this.transport.feed(chunk)) {
        // A fault of an earlier packet may have closed the line: what follows was never received.
        if (!this.open) return;
        this.packet(packet);
      }
    } catch (error) {
      this.refuse(error);
    }
  }

  /** A bad packet costs its connection, never the server. */
  private refuse(error: unknown): void {
    const known =
      error instanceof HandshakeError || error instanceof TransportError || error instanceof TlError;
    const words = error instanceof Error ? (known ? error.message : error.stack) : 'no Error was thrown';
    this.core.onProblem(`connection refused: ${words ?? ''}`);
    if (error instanceof TransportError) this.close();
    else this.fail(error instanceof HandshakeError ? error.code : -404);
  }

  private packet(packet: Buffer): void {
    if (packet.length < 24) throw new TransportError('a packet shorter than its head');
    if (packet.readBigInt64LE(0) !== 0n) {
      receive(this.core, this, packet);
      return;
    }
    const from = new Reader(packet, 16);
    const answer = this.handshake.answer(from.raw(from.uint()));
    if (answer === undefined) return;
    const to = new Writer(answer.length + 20);
    to.long(0n);
    to.long(this.core.ids.next('answer'));
    to.uint(answer.length);
    to.raw(answer);
    this.send(to.done());
  }
}
