import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { keyIdOf, seal, unseal } from '../../emulator/crypto/message.js';
import { Reader, Writer } from '../../emulator/schema/bytes.js';
import { Transport } from '../../emulator/transport/transport.js';
import type { Tl } from '../../emulator/types.js';
import { answer, config, layers, readService, rpcResult, service } from './wire-bodies.js';

export const DC = 2;
const CONTAINER = 0x73f1f8dc;

/** One message of the client. */
export interface Heard {
  readonly msgId: bigint;
  readonly seq: number;
  readonly body: Buffer;
  /** Salt and session of its packet. */
  readonly salt: bigint;
  readonly session: string;
  /** The method or service message, and what wrapped it from the outside in. */
  readonly name: string;
  readonly object: Tl;
  readonly wrappers: readonly string[];
  readonly line: Line;
}

export interface Said {
  readonly body: Buffer;
  /** Content-related unless false. */
  readonly content?: boolean;
  /** Default: the next id. */
  readonly msgId?: bigint;
}

/** What the script does with a message; true: it is dealt with. */
export type Script = (heard: Heard) => boolean;

/**
 * A data centre that does byte for byte what a test tells it: real TCP, real MTProto 2.0, the auth key known beforehand.
 * By itself it answers the first call of a connection and pings.
 */
export class ScriptedDc {
  readonly authKey = randomBytes(256);
  readonly heard: Heard[] = [];
  readonly lines: Line[] = [];
  /** Looked at first. */
  script: Script = () => false;
  /** New connections are cut off at once. */
  refusing = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((socket) => {
      if (this.refusing) socket.resetAndDestroy();
      else this.lines.push(new Line(this, socket));
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The newest connection. */
  get line(): Line {
    return this.lines.at(-1)!;
  }

  named(name: string): Heard[] {
    return this.heard.filter((heard) => heard.name === name);
  }

  async close(): Promise<void> {
    for (const line of this.lines) line.socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  take(heard: Heard): void {
    this.heard.push(heard);
    if (this.script(heard)) return;
    if (heard.name === 'ping_delay_disconnect') heard.line.pong(heard);
    if (heard.name === 'help.getConfig') {
      const body = answer('help.getConfig', config(DC, [{ id: DC, port: this.port }]));
      heard.line.say({ body: rpcResult(heard.msgId, body) });
    }
  }
}

/** One connection of the client. */
export class Line {
  readonly socket: Socket;
  readonly #dc: ScriptedDc;
  readonly #keyId: Buffer;
  readonly #transport = new Transport();
  #session = Buffer.alloc(8);
  #sequence = 0;
  #lastId = 0n;
  closed = false;

  constructor(dc: ScriptedDc, socket: Socket) {
    this.#dc = dc;
    this.socket = socket;
    this.#keyId = keyIdOf(dc.authKey);
    socket.on('data', (chunk: Buffer) => {
      for (const packet of this.#transport.feed(chunk)) this.#take(packet);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  /** The next id of the server, odd and near the clock. */
  nextId(ms = Date.now()): bigint {
    const id = (((BigInt(ms) << 32n) / 1000n) & ~3n) | 1n;
    this.#lastId = id > this.#lastId ? id : this.#lastId + 4n;
    return this.#lastId;
  }

  pong(ping: Heard): void {
    const body = service({ _: 'pong', msg_id: ping.msgId, ping_id: ping.object['ping_id'] });
    this.say({ body, content: false });
  }

  /** One packet with one message; answers its id. */
  say(said: Said): bigint {
    const message = this.#message(said);
    this.packet(message);
    return message.msgId;
  }

  /** One packet with a container. */
  sayTogether(...said: readonly Said[]): bigint[] {
    const messages = said.map((one) => this.#message(one));
    const to = new Writer();
    to.uint(CONTAINER);
    to.uint(messages.length);
    for (const { msgId, seq, body } of messages) {
      to.long(msgId);
      to.int(seq);
      to.uint(body.length);
      to.raw(body);
    }
    this.packet({ msgId: this.nextId(), seq: this.#sequence * 2, body: to.done() });
    return messages.map(({ msgId }) => msgId);
  }

  /** Seals and sends one message as it is. */
  packet(message: { msgId: bigint; seq: number; body: Buffer }, session = this.#session): void {
    this.raw(seal(this.#dc.authKey, this.#keyId, plainOf(message, session)));
  }

  /** One transport packet with these bytes. */
  raw(bytes: Buffer): void {
    this.socket.write(this.#transport.frame(bytes));
  }

  transportError(code: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(code);
    this.raw(bytes);
    this.socket.destroySoon();
  }

  #message({ body, content = true, msgId }: Said): { msgId: bigint; seq: number; body: Buffer } {
    const seq = this.#sequence * 2 + (content ? 1 : 0);
    if (content) this.#sequence++;
    return { msgId: msgId ?? this.nextId(), seq, body };
  }

  #take(packet: Buffer): void {
    const plain = unseal(this.#dc.authKey, packet);
    if (plain === undefined) throw new Error('a packet that does not open');
    const from = new Reader(plain);
    const salt = from.long();
    this.#session = Buffer.from(from.raw(8));
    const session = this.#session.toString('hex');
    const msgId = from.long();
    const seq = from.int();
    for (const message of unpack({ msgId, seq, body: Buffer.from(from.raw(from.uint())) })) {
      this.#dc.take({ ...message, ...named(message.body), salt, session, line: this });
    }
  }
}

function plainOf(
  { msgId, seq, body }: { msgId: bigint; seq: number; body: Buffer },
  session: Buffer,
): Buffer {
  const to = new Writer(body.length + 32);
  to.long(0n);
  to.raw(session);
  to.long(msgId);
  to.int(seq);
  to.uint(body.length);
  to.raw(body);
  return to.done();
}

function unpack(message: { msgId: bigint; seq: number; body: Buffer }): (typeof message)[] {
  if (message.body.readUInt32LE(0) !== CONTAINER) return [message];
  const from = new Reader(message.body, 4);
  return Array.from({ length: from.uint() }, () => ({
    msgId: from.long(),
    seq: from.int(),
    body: from.raw(from.uint()),
  }));
}

function named(body: Buffer): { name: string; object: Tl; wrappers: readonly string[] } {
  try {
    const { request, wrappers } = layers.readRequest(body);
    return { name: request._, object: request, wrappers: wrappers.map(({ _ }) => _) };
  } catch {
    const object = readService(body);
    return { name: object._, object, wrappers: [] };
  }
}
