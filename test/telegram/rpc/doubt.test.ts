import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { LinkEvent } from '../../../src/telegram/link/link.js';
import { createClient, type Client } from '../../../src/telegram/rpc/client.js';
import { toLong } from '../../../src/telegram/tl/long.js';
import type { Fault } from '../../emulator/mtproto/server.js';
import { createTelegram, type LocalTelegram } from '../../emulator/telegram.js';
import type { Account } from '../../emulator/world/model.js';
import { silentLog } from '../../support/silent-log.js';
import { fastClock } from '../link/fast-clock.js';

const BOT = 7000000009;
const ofSend = { method: 'messages.sendMessage' };

describe('a send whose answer is lost', () => {
  let telegram: LocalTelegram;
  let client: Client;
  let clara: Account;
  let events: LinkEvent[];
  /** What happens in the very turn in which Telegram executes the send. */
  let onExecuted: () => void;

  beforeEach(async () => {
    telegram = createTelegram();
    const { world } = telegram;
    const port = (await telegram.listen()).ports[world.dc]!;
    world.createBot({ firstName: 'Desk', username: 'desk_bot', token: `${BOT}:x` });
    clara = world.createUser({ firstName: 'Clara' });
    world.actAs(clara.id).send({ kind: 'user', id: BOT }, { text: 'hello' });
    onExecuted = () => undefined;
    world.listen(({ accountId }) => {
      if (accountId === clara.id) onExecuted();
    });
    const authKey = randomBytes(256);
    telegram.server.registerAuthKey(authKey, { userId: BigInt(BOT) });
    client = createClient({
      server: { kind: 'custom', host: '127.0.0.1', port, publicKeyPem: telegram.publicKeyPem },
      dc: world.dc,
      authKey,
      identity: { apiId: 1, deviceModel: 'test', appVersion: '1' },
      log: silentLog,
      clock: fastClock(1),
    });
    events = [];
    client.onEvent((event) => events.push(event));
  });

  afterEach(async () => {
    await client.close();
    await telegram.close();
  });

  /** What the caller hears. */
  const send = (): Promise<unknown> => {
    const peer = { _: 'inputPeerUser', userId: clara.id, accessHash: toLong(0n) } as const;
    const call = { _: 'messages.sendMessage', peer, message: 'hi', randomId: toLong(5n) } as const;
    return client.call(call).catch((thrown: unknown) => thrown);
  };
  const copies = () => [...clara.box.messages.values()].filter(({ body }) => body.text === 'hi').length;
  const deaths = () => events.filter(({ type }) => type === 'dead');

  it('M1 is told as a lost answer when the client is closed, not as never sent', async () => {
    telegram.faults.add({ name: 'call.answer-lost', when: ofSend, times: 1 });
    onExecuted = () => void client.close();
    expect(await send()).to.have.property('code', 'ANSWER_LOST');
  });

  const met = {
    'a flood wait': { name: 'call.flood', seconds: 30, when: ofSend },
    'a refusal': { name: 'call.error', code: 403, text: 'USER_IS_BLOCKED', when: ofSend },
  } as const satisfies Record<string, Fault>;
  for (const [what, fault] of Object.entries(met))
    it(`M1 is told as a lost answer when the link repeats it and meets ${what}`, async () => {
      telegram.faults.add({ name: 'call.close-after', when: ofSend, times: 1 });
      onExecuted = () => telegram.faults.add(fault);
      expect(await send()).to.have.property('code', 'ANSWER_LOST');
      expect(copies()).to.equal(1);
    });

  const ends = {
    'with the connection down': { method: 'help.getConfig' },
    'at its repetition': ofSend,
  } as const;
  for (const [when, ofEnd] of Object.entries(ends))
    it(`M1 C4 is told as a lost answer when the session ends ${when}, and the death apart from it`, async () => {
      telegram.faults.add({ name: 'call.close-after', when: ofSend, times: 1 });
      const revoked = { name: 'call.error', code: 401, text: 'SESSION_REVOKED', when: ofEnd } as const;
      onExecuted = () => telegram.faults.add(revoked);
      expect(await send()).to.have.property('code', 'ANSWER_LOST');
      expect(copies()).to.equal(1);
      expect(deaths()).to.deep.equal([{ type: 'dead', reason: 'SESSION_REVOKED' }]);
      expect(await send()).to.have.property('code', 'SESSION_DEAD');
    });

  it('M1 is no lost answer when Telegram says at its repetition that it has it', async () => {
    telegram.faults.add({ name: 'call.close-after', when: ofSend, times: 1 });
    expect(await send()).to.have.property('code', 'ALREADY_SENT');
    expect(copies()).to.equal(1);
  });
});
