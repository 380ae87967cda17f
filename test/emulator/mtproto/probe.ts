import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FROM_CLIENT, FROM_SERVER, keyIdOf, seal, unseal } from '../crypto/message.js';
import { Reader, TlError, Writer } from '../schema/bytes.js';
import { GZIP_PACKED, inflate } from '../schema/codec.js';
import { Layers } from '../schema/layers.js';
import { mtproto } from '../schema/mtproto.js';
import type { Tl } from '../types.js';

const MSG_CONTAINER = 0x73f1f8dc;
const RPC_RESULT = 0xf35c6d01;
const layers = Layers.installed();

/** What the server sent: an object, or the result of a request. */
export interface Arrival {
  readonly id: bigint;
  readonly seq: number;
  /** Set for rpc_result. */
  readonly request?: bigint;
  /** Undefined: unreadable, or an answer that is no object. */
  readonly object: Tl | undefined;
  /** Whether it came inside a container. */
  readonly contained: boolean;
}

export interface SendOptions {
  readonly id?: bigint;
  readonly seq?: number;
  readonly content?: boolean;
}

/** A client that says exactly what a test wants to say, message by message, over the intermediate transport. */
export class Probe {
  readonly key: Buffer;
  private readonly keyId: Buffer;
  sessionId: Buffer = randomBytes(8);
  salt = 0n;
  /** Everything that arrived and was not taken. */
  arrived: Arrival[] = [];
  /** Transport errors that arrived. */
  readonly errors: number[] = [];
  private socket: Socket | undefined;
  private sequence = 0;
  private last = 0n;
  private readonly waiters = new Set<() => void>();

  constructor(key: Buffer) {
    this.key = Buffer.from(key);
    this.keyId = keyIdOf(key);
  }

  async dial(port: number): Promise<void> {
    const socket = connect(port, '127.0.0.1');
    this.socket = socket;
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    let waiting = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32LE(0)) {
        const end = 4 + waiting.readUInt32LE(0);
        this.packet(waiting.subarray(4, end));
        waiting = waiting.subarray(end);
      }
    });
    socket.write(Buffer.from('eeeeeeee', 'hex'));
  }

  /** Resolves when the server closed or reset the connection. */
  async closed(): Promise<void> {
    const { socket } = this;
    if (socket?.destroyed === false) await new Promise((resolve) => socket.once('close', resolve));
  }

  hangUp(): void {
    this.socket?.destroy();
  }

  nextId(): bigint {
    const now = ((BigInt(Date.now()) << 32n) / 1000n / 4n) * 4n;
    this.last = now > this.last ? now : this.last + 4n;
    return this.last;
  }

  /** Sends one message; returns its id. */
  send(body: Buffer, options: SendOptions = {}): bigint {
    const message = this.message(body, options);
    this.packetOut(message);
    return message.id;
  }

  service(object: Tl, options: SendOptions = {}): bigint {
    return this.send(serviceBytes(object), options);
  }

  /** Sends several messages in one container; returns their ids. */
  container(bodies: readonly Buffer[]): bigint[] {
    const messages = bodies.map((body) => this.message(body, {}));
    const to = new Writer();
    to.uint(MSG_CONTAINER);
    to.uint(messages.length);
    for (const { id, seq, body } of messages) {
      to.long(id);
      to.int(seq);
      to.uint(body.length);
      to.raw(body);
    }
    this.packetOut(this.message(to.done(), { content: false }));
    return messages.map(({ id }) => id);
  }

  /** The first arrival that fits, now or later; it is taken out of `arrived`. */
  async next(fits: (arrival: Arrival) => boolean): Promise<Arrival> {
    for (;;) {
      const found = this.arrived.find(fits);
      if (found !== undefined) {
        this.arrived = this.arrived.filter((one) => one !== found);
        return found;
      }
      await new Promise<void>((resolve) => this.waiters.add(resolve));
    }
  }

  named(name: string): Promise<Arrival> {
    return this.next(({ object }) => object?._ === name);
  }

  result(request: bigint): Promise<Arrival> {
    return this.next((arrival) => arrival.request === request);
  }

  private message(
    body: Buffer,
    { id, seq, content = true }: SendOptions,
  ): { id: bigint; seq: number; body: Buffer } {
    const own = seq ?? this.sequence * 2 + (content ? 1 : 0);
    if (seq === undefined && content) this.sequence += 1;
    return { id: id ?? this.nextId(), seq: own, body };
  }

  private packetOut({ id, seq, body }: { id: bigint; seq: number; body: Buffer }): void {
    const to = new Writer();
    to.long(this.salt);
    to.raw(this.sessionId);
    to.long(id);
    to.int(seq);
    to.uint(body.length);
    to.raw(body);
    const packet = seal(this.key, this.keyId, to.done(), FROM_CLIENT);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(packet.length);
    this.socket?.write(Buffer.concat([head, packet]));
  }

  private packet(packet: Buffer): void {
    if (packet.length === 4) this.errors.push(packet.readInt32LE(0));
    else {
      const plain = unseal(this.key, packet, FROM_SERVER);
      if (plain === undefined) throw new Error('the server sealed a packet wrongly');
      const from = new Reader(plain, 16);
      this.take(from.long(), from.int(), from.raw(from.uint()), false);
    }
    for (const wake of this.waiters) wake();
    this.waiters.clear();
  }

  private take(id: bigint, seq: number, body: Buffer, contained: boolean): void {
    const from = new Reader(body);
    const first = from.uint();
    if (first === MSG_CONTAINER) {
      for (let left = from.uint(); left > 0; left -= 1)
        this.take(from.long(), from.int(), from.raw(from.uint()), true);
      return;
    }
    const request = first === RPC_RESULT ? { request: from.long() } : {};
    const object = readAny(first === RPC_RESULT ? body.subarray(from.offset) : body);
    if (object?._ === 'new_session_created' || object?._ === 'bad_server_salt')
      this.salt = (object['server_salt'] ?? object['new_server_salt']) as bigint;
    this.arrived.push({ id, seq, ...request, object, contained });
  }
}

export function serviceBytes(object: Tl): Buffer {
  const to = new Writer();
  mtproto.write(to, object);
  return to.done();
}

function readAny(body: Buffer): Tl | undefined {
  const packed = body.readUInt32LE(0) === GZIP_PACKED;
  const clear = packed ? inflate(new Reader(body, 4).bytes()) : body;
  try {
    return mtproto.knows(clear.readUInt32LE(0)) ? mtproto.read(new Reader(clear)) : layers.read(clear);
  } catch (error) {
    if (error instanceof TlError) return undefined;
    throw error;
  }
}
