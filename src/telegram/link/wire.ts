import { connect, type Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import type { SenderConnection } from './gramjs.js';
import type { Address } from './server.js';

const CONNECT_TIMEOUT_MS = 10_000;
const TCP_KEEP_ALIVE_MS = 30_000;
/** Packets in memory that nobody has taken yet; above it the socket is not read. */
const HIGH_WATER_PACKETS = 64;
/** Nothing that Telegram sends is larger; a larger length means that the stream is broken. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024;
/** A flood of packets gives the event loop a turn after this long. */
const SLICE_MS = 10;

/** One TCP connection that carries whole packets (transport "full": length, number, payload, CRC32). Used once. */
export class Wire implements SenderConnection {
  readonly #address: Address;
  readonly #clock: Clock;
  #socket: Socket | undefined;
  #open = false;
  #chunks: Buffer[] = [];
  #buffered = 0;
  readonly #packets: Buffer[] = [];
  #wake: (() => void) | undefined;
  #paused = false;
  #sent = 0;
  #received = 0;
  /** When this turn of the event loop took its first packet. */
  #turnStart: number | undefined;

  constructor(address: Address, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  /** Throws TELEGRAM_UNREACHABLE after 10 s, or at once when refused. */
  async connect(): Promise<void> {
    if (this.#socket !== undefined) throw unreachable('connection closed');
    const socket = connect({
      ...this.#address,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    });
    this.#socket = socket;
    const cancel = this.#clock.setTimer(CONNECT_TIMEOUT_MS, () => {
      socket.destroy(unreachable('no connection within 10 s'));
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', (error) => {
          reject(unreachable((error as NodeJS.ErrnoException).code ?? 'connection failed'));
        });
        socket.once('close', () => {
          reject(unreachable('connection closed'));
        });
      });
    } finally {
      cancel();
    }
    this.#open = true;
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    socket.on('error', () => {
      // 'close' follows and says all that is needed.
    });
    socket.once('close', () => {
      this.#close();
    });
    // It may have been closed between 'connect' and here.
    if (socket.destroyed) this.#close();
  }

  /** Bytes that have left the process. */
  get flushedBytes(): number {
    const socket = this.#socket;
    return socket === undefined ? 0 : socket.bytesWritten - socket.writableLength;
  }

  /** Bytes that wait in the process, because the kernel is full. */
  get unflushedBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  isConnected(): boolean {
    return this.#open;
  }

  async disconnect(): Promise<void> {
    this.#packets.length = 0;
    this.#close();
  }

  /** Resolves when the packet is in the kernel's hands or the socket's buffer has room again. */
  async send(payload: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (!this.#open || socket === undefined) throw unreachable('connection closed');
    const head = Buffer.alloc(8);
    head.writeUInt32LE(payload.length + 12, 0);
    head.writeUInt32LE(this.#sent++, 4);
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(crc32(payload, crc32(head)), 0);
    // Corked, the three parts leave in one system call without being copied into one.
    socket.cork();
    socket.write(head);
    socket.write(payload);
    const roomy = socket.write(tail);
    socket.uncork();
    if (!roomy) await drained(socket);
  }

  /** The next packet. Packets that arrived before the connection closed still come; then it throws. */
  async recv(): Promise<Buffer> {
    await this.#breathe();
    for (;;) {
      const packet = this.#paused ? undefined : this.#packets.shift();
      if (packet !== undefined) {
        this.#readOrNot();
        return packet;
      }
      if (!this.#open) throw unreachable('connection closed');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  pause(): void {
    this.#paused = true;
    this.#readOrNot();
  }

  resume(): void {
    this.#paused = false;
    this.#readOrNot();
    this.#wake?.();
  }

  toString(): string {
    return `${this.#address.host}:${this.#address.port}`;
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    for (let packet = this.#next(); packet !== undefined; packet = this.#next()) this.#packets.push(packet);
    this.#readOrNot();
    this.#wake?.();
  }

  #next(): Buffer | undefined {
    if (!this.#open || this.#buffered < 4) return undefined;
    const length = this.#peekLength();
    if (length < 12 || length > MAX_PACKET_BYTES) {
      this.#break();
      return;
    }
    if (this.#buffered < length) return undefined;
    const frame = this.#cut(length);
    const intact = frame.readUInt32LE(length - 4) === crc32(frame.subarray(0, length - 4));
    if (!intact || frame.readUInt32LE(4) !== this.#received++) {
      this.#break();
      return;
    }
    return frame.subarray(8, length - 4);
  }

  #peekLength(): number {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= 4) return first.readUInt32LE(0);
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined.readUInt32LE(0);
  }

  /** Removes the first `length` bytes; they are copied only where they span several chunks. */
  #cut(length: number): Buffer {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const chunk = this.#chunks.shift() ?? Buffer.alloc(0);
      parts.push(chunk.subarray(0, missing));
      if (chunk.length > missing) this.#chunks.unshift(chunk.subarray(missing));
      missing -= Math.min(missing, chunk.length);
    }
    this.#buffered -= length;
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, length);
  }

  #break(): undefined {
    this.#close();
    return undefined;
  }

  #close(): void {
    this.#open = false;
    this.#chunks = [];
    this.#buffered = 0;
    this.#socket?.destroy();
    this.#wake?.();
  }

  #readOrNot(): void {
    if (this.#paused || this.#packets.length >= HIGH_WATER_PACKETS) this.#socket?.pause();
    else this.#socket?.resume();
  }

  /** One turn may hold dozens of reads of the socket, and what a read wakes runs before the next one. */
  async #breathe(): Promise<void> {
    if (this.#turnStart === undefined) {
      this.#turnStart = performance.now();
      setImmediate(() => {
        this.#turnStart = undefined;
      });
    } else if (performance.now() - this.#turnStart > SLICE_MS) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

async function drained(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

function unreachable(detail: string): GatewayError {
  return new GatewayError('TELEGRAM_UNREACHABLE', detail);
}
