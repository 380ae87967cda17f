import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { Api, type TelegramClient } from 'telegram';
import { Raw } from 'telegram/events/index.js';
import { ConnectionTCPAbridged } from 'telegram/network/connection/TCPAbridged.js';
import { ConnectionTCPFull } from 'telegram/network/connection/TCPFull.js';
import { ConnectionTCPObfuscated } from 'telegram/network/connection/TCPObfuscated.js';
import { addressOf, destroyStockClients, stockClient, type StockServer } from '../../support/stock-client.js';
import type { Tl } from '../types.js';
import { MtprotoServer, type Call, type Handlers } from './server.js';

const USER = 7000000001n;

const config = (dc: number): Tl => ({
  _: 'config',
  date: 1,
  expires: 2_000_000_000,
  test_mode: false,
  this_dc: dc,
  dc_options: [{ _: 'dcOption', id: dc, ip_address: addressOf(dc), port: 443 }],
  dc_txt_domain_name: '',
  chat_size_max: 200,
  megagroup_size_max: 200000,
  forwarded_count_max: 100,
  online_update_period_ms: 120000,
  offline_blur_timeout_ms: 5000,
  offline_idle_timeout_ms: 30000,
  online_cloud_timeout_ms: 300000,
  notify_cloud_delay_ms: 30000,
  notify_default_delay_ms: 1500,
  push_chat_period_ms: 60000,
  push_chat_limit: 2,
  edit_time_limit: 172800,
  revoke_time_limit: 172800,
  revoke_pm_time_limit: 172800,
  rating_e_decay: 2419200,
  stickers_recent_limit: 200,
  channels_read_media_period: 604800,
  call_receive_timeout_ms: 20000,
  call_ring_timeout_ms: 90000,
  call_connect_timeout_ms: 30000,
  call_packet_timeout_ms: 10000,
  me_url_prefix: 'https://t.me/',
  caption_length_max: 1024,
  message_length_max: 4096,
  webfile_dc_id: 4,
});

const self: Tl = { _: 'user', id: USER, self: true, access_hash: 5n, first_name: 'Anna' };
const handlers: Handlers = {
  'help.getConfig': ({ dc }) => config(dc),
  'users.getUsers': () => [self],
  'updates.getState': () => ({ _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unread_count: 0 }),
};
const push: Tl = {
  _: 'updateShort',
  update: { _: 'updateUserTyping', user_id: 5n, action: { _: 'sendMessageTypingAction' } },
  date: 1,
};

describe('the local Telegram under stock GramJS', () => {
  let server: MtprotoServer;
  let calls: Call[];
  let problems: string[];
  let stock: StockServer;

  beforeEach(async () => {
    calls = [];
    problems = [];
    server = new MtprotoServer({
      handlers,
      onCall: (call) => calls.push(call),
      onProblem: (problem) => problems.push(problem),
    });
    stock = { ...(await server.listen()), publicKey: server.publicKey };
  });

  afterEach(async () => {
    await destroyStockClients();
    await server.close();
  });

  const receivePush = async (client: TelegramClient): Promise<Api.TypeUpdate> => {
    const received = new Promise<Api.TypeUpdate>((resolve) =>
      client.addEventHandler(resolve, new Raw({ types: [Api.UpdateUserTyping] })),
    );
    calls.at(-1)?.caller.bind(USER);
    server.push(USER, push);
    return received;
  };

  for (const connection of [ConnectionTCPFull, ConnectionTCPAbridged, ConnectionTCPObfuscated])
    it(`O2 a handshake, a call and a push pass over ${connection.name}`, async () => {
      const client = await stockClient(stock, { params: { connection } });
      await client.connect();
      const answer = await client.invoke(new Api.help.GetConfig());
      expect(answer.thisDc).to.equal(2);
      await client.invoke(new Api.updates.GetState());
      const update = await receivePush(client);
      expect(update).to.be.instanceOf(Api.UpdateUserTyping);
      expect(calls.every(({ caller }) => caller.layer === 198)).to.equal(true);
      expect(problems).to.deep.equal([]);
    });

  it('O2 a registered key spares the handshake', async () => {
    const authKey = randomBytes(256);
    server.registerAuthKey(authKey, { userId: USER });
    const client = await stockClient(stock, { authKey });
    await client.connect();
    const me = await client.getMe();
    expect(me.id.toString()).to.equal(USER.toString());
    expect(problems).to.deep.equal([]);
  });

  it('O2 a reset, a rotated salt and a lost answer are survived by a stock client', async () => {
    const authKey = randomBytes(256);
    server.registerAuthKey(authKey, { userId: USER });
    const client = await stockClient(stock, { authKey });
    await client.connect();
    server.faults.add({ name: 'session.salt' });
    await client.invoke(new Api.updates.GetState());
    server.faults.add({ name: 'call.answer-lost', times: 1, when: { method: 'updates.getState' } });
    const answers = [client.invoke(new Api.updates.GetState()), client.invoke(new Api.updates.GetState())];
    await answers[1];
    server.faults.add({ name: 'socket.reset' });
    expect(await answers[0]).to.be.instanceOf(Api.updates.State);
    expect(server.authorisations(USER)[0]?.connections).to.equal(1);
    expect(problems).to.deep.equal([]);
  });

  it('O2 a clock that jumps ahead and back is followed by a stock client', async () => {
    const authKey = randomBytes(256);
    server.registerAuthKey(authKey, { userId: USER });
    const client = await stockClient(stock, { authKey });
    await client.connect();
    const jump = server.faults.add({ name: 'session.clock', seconds: 3600 });
    expect(await client.invoke(new Api.updates.GetState())).to.be.instanceOf(Api.updates.State);
    server.faults.remove(jump);
    expect(await client.invoke(new Api.updates.GetState())).to.be.instanceOf(Api.updates.State);
  });

  it('O2 each port is a data centre of its own, with its own keys', async () => {
    await server.close();
    server = new MtprotoServer({ handlers, dcs: [2, 4] });
    stock = { ...(await server.listen()), publicKey: server.publicKey };
    const client = await stockClient(stock, { dc: 4 });
    await client.connect();
    expect((await client.invoke(new Api.help.GetConfig())).thisDc).to.equal(4);
  });
});
