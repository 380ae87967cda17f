/** A bare MTProto server for the link measures: updates are serialised once and sends answered in few bytes, so that the client is what limits. */

import { randomBytes } from 'node:crypto';
import type { Session } from '../../../test/emulator/mtproto/session.js';
import type { Core } from '../../../test/emulator/mtproto/core.js';
import { MtprotoServer, type Handlers } from '../../../test/emulator/mtproto/server.js';
import { CONFIG_FACTS } from '../../../test/emulator/services/methods/help.js';
import type { Tl } from '../../../test/emulator/types.js';
import { cpuUs, serve } from '../process/serve.js';

const dc = 2;
const userId = 7_000_000_001n;
const friendId = 7_000_000_002n;
/** Messages posted in one turn of the event loop, so that acknowledgements are read in between. */
const turn = 100;

const config: Tl = {
  _: 'config',
  date: 1,
  expires: 2_000_000_000,
  test_mode: false,
  this_dc: dc,
  dc_options: [],
  ...CONFIG_FACTS,
};

const self: Tl = { _: 'user', id: userId, self: true, access_hash: 5n, first_name: 'Anna' };
const friend: Tl = { _: 'user', id: friendId, access_hash: 6n, first_name: 'Bob', username: 'bob' };

/** One new message and two users: what a bot hears most. */
const updateOf = (number: number): Tl => ({
  _: 'updates',
  updates: [
    {
      _: 'updateNewMessage',
      message: {
        _: 'message',
        id: number,
        from_id: { _: 'peerUser', user_id: friendId },
        peer_id: { _: 'peerUser', user_id: friendId },
        date: 1_700_000_000,
        message: 'a message of some forty characters of text',
      },
      pts: number,
      pts_count: 1,
    },
  ],
  users: [self, friend],
  chats: [],
  date: 1_700_000_000,
  seq: 0,
});

let sent = 0;
/** Of the last update that was numbered. */
let pts = 1;
const handlers: Handlers = {
  'help.getConfig': () => config,
  'users.getUsers': () => [self],
  'updates.getState': () => ({ _: 'updates.state', pts, qts: 0, date: 1, seq: 0, unread_count: 0 }),
  'updates.getDifference': () => ({ _: 'updates.differenceEmpty', date: 1, seq: 0 }),
  'messages.sendMessage': () => ({
    _: 'updateShortSentMessage',
    out: true,
    id: ++sent,
    pts: sent,
    pts_count: 1,
    date: 1_700_000_000,
  }),
};

const server = new MtprotoServer({ handlers });
const authKey = randomBytes(256);

export interface Wire {
  readonly host: string;
  readonly port: number;
  readonly dc: number;
  readonly publicKeyPem: string;
  readonly publicKey: { readonly n: string; readonly e: number; readonly fingerprint: string };
  /** Base64. */
  readonly authKey: string;
  /** Decimal; whose key it is. */
  readonly userId: string;
  /** Decimal; whom the sends go to, hash included. */
  readonly friend: { readonly id: string; readonly accessHash: string };
}

const ops = {
  async open(_: null): Promise<Wire> {
    server.registerAuthKey(authKey, { userId, dc });
    const { host, ports } = await server.listen();
    const { pem, n, e, fingerprint } = server.publicKey;
    return {
      host,
      port: ports[dc] ?? 0,
      dc,
      publicKeyPem: pem,
      publicKey: { n: n.toString(), e, fingerprint: fingerprint.toString() },
      authKey: authKey.toString('base64'),
      userId: userId.toString(),
      friend: { id: friendId.toString(), accessHash: '6' },
    };
  },
  /** Sends one update that many times, so many in one packet; answers the CPU each took here, in microseconds. */
  async push({ count, perPacket }: { count: number; perPacket: number }): Promise<number> {
    const body = bytesOf(updateOf(1000));
    return post(
      Array.from({ length: count }, () => body),
      perPacket,
    );
  },
  /** The same with updates that follow one another, as an account's do. They are serialised before the clock starts. */
  async pushNext({ count, perPacket }: { count: number; perPacket: number }): Promise<number> {
    return post(
      Array.from({ length: count }, () => bytesOf(updateOf(++pts))),
      perPacket,
    );
  },
};

export type WireOps = typeof ops;

serve(ops);

function bytesOf(update: Tl): Buffer {
  const body = core().layers.write(receiver().layer, update);
  if (body === undefined) throw new Error('the client’s layer has no such update');
  return body;
}

async function post(bodies: readonly Buffer[], perPacket: number): Promise<number> {
  const session = receiver();
  const before = cpuUs();
  for (let posted = 0; posted < bodies.length;) {
    for (const body of bodies.slice(posted, posted + turn)) {
      session.post(body, 'notice', true);
      if (++posted % perPacket === 0 || posted === bodies.length) session.flush();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (cpuUs() - before) / bodies.length;
}

function receiver(): Session {
  const [key] = core().keys.of(userId);
  const session = key && core().sessions.forUpdates(key);
  if (session === undefined) throw new Error('nobody is connected');
  return session;
}

/** The one named boundary: what is pushed must be bytes already, and only the server's inside takes bytes. */
function core(): Core {
  return Reflect.get(server, 'core') as Core;
}
