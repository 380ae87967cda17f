/** The local Telegram of the mirror measures, in its own process: it sends as clients, sees the posts, and times both by one clock. */

import { randomBytes } from 'node:crypto';
import { createTelegram } from '../../../test/emulator/telegram.js';
import { Traffic, type Drive } from './traffic.js';
import { serve } from '../process/serve.js';

export interface Ready {
  readonly id: number;
  readonly name: string;
  readonly username: string;
  readonly token: string;
  /** Base64 of 256 bytes, registered: no handshake is needed. */
  readonly authKey: string;
  readonly counters: {
    readonly pts: number;
    readonly qts: number;
    readonly seq: number;
    readonly date: number;
  };
}

/** Everything that a contender must know to begin; plain JSON. */
export interface Opened {
  readonly host: string;
  readonly port: number;
  readonly dc: number;
  readonly publicKeyPem: string;
  /** Numbers in decimal. */
  readonly publicKey: { readonly n: string; readonly e: number; readonly fingerprint: string };
  readonly groupId: number;
  readonly bots: readonly Ready[];
  /** Posts in the group; an administrator there. */
  readonly desk: Ready;
}

const dc = 2;
// Posting limits off: they would be what is measured.
const telegram = createTelegram({ dcs: [dc], limits: { enabled: false } });
const { world, server } = telegram;
let traffic: Traffic | undefined;

function newBot(firstName: string, username: string): Ready {
  const account = world.createBot({ firstName, username });
  const authKey = randomBytes(256);
  server.registerAuthKey(authKey, { userId: BigInt(account.id), dc });
  return {
    id: account.id,
    name: firstName,
    username,
    token: account.bot?.token ?? '',
    authKey: authKey.toString('base64'),
    counters: { pts: account.box.pts, qts: account.qts, seq: 0, date: world.now() },
  };
}

function flowing(): Traffic {
  if (traffic === undefined) throw new Error('not opened yet');
  return traffic;
}

const ops = {
  /** One dialog for each pair of a bot and a client. */
  async open({ bots, clients }: { bots: number; clients: number }): Promise<Opened> {
    const people = Array.from({ length: clients }, (_, at) =>
      world.createUser({ firstName: `Client ${at}` }),
    );
    const shops = Array.from({ length: bots }, (_, at) => newBot(`Shop ${at}`, `shop_${at}_bot`));
    const desk = newBot('Desk', 'desk_bot');
    const owner = world.createUser({ firstName: 'Olga' });
    const group = world.createGroup({
      title: 'Team',
      creator: owner.id,
      forum: true,
      admins: [{ id: desk.id }],
    });
    traffic = new Traffic(
      world,
      group.id,
      shops.flatMap((shop) => people.map((person) => ({ client: person.id, bot: shop.id }))),
    );
    const { host, ports } = await telegram.listen();
    const { n, e, fingerprint } = server.publicKey;
    return {
      host,
      port: ports[dc] ?? 0,
      dc,
      publicKeyPem: telegram.publicKeyPem,
      publicKey: { n: n.toString(), e, fingerprint: fingerprint.toString() },
      groupId: group.id,
      bots: shops,
      desk,
    };
  },
  /** One message in each dialog; answers how many were posted within the time. */
  once: ({ withinMs }: { withinMs: number }) => flowing().once(withinMs),
  drive: (drive: Drive) => flowing().drive(drive),
  /** As many messages on their way as said, all the time; answers posts per second. */
  flood: (flood: { inFlight: number; ms: number }) => flowing().flood(flood),
  quiet: ({ forMs }: { forMs: number }) => flowing().quiet(forMs),
  /** Sends every `everyMs` until the first post is seen; answers when that was, in Unix milliseconds. */
  firstPost: (beat: { everyMs: number; withinMs: number }) => flowing().firstPost(beat),
};

export type TelegramOps = typeof ops;

serve(ops);
