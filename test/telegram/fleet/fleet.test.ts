import { expect } from 'chai';
import { deskId, connectionId } from '../../../src/domain/ids.js';
import { GatewayError } from '../../../src/domain/errors.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { leaseName } from '../../../src/telegram/fleet/berth.js';
import { connectionsOf, eventually, openHarbour, type Harbour } from './harbour.js';

const SHOP = 7000000100;
const TOKEN = `${SHOP}:AAsecret-of-the-shop`;
const DESK = 7000000200;
const DESK_TOKEN = `${DESK}:AAsecret-of-the-desk`;

describe('Fleet', () => {
  let harbour: Harbour;
  const shop = connectionId(String(SHOP));
  const desk = deskId(String(DESK));

  beforeEach(async () => {
    harbour = await openHarbour();
    harbour.telegram.world.createBot({ firstName: 'Shop', username: 'shop_bot', token: TOKEN });
    harbour.telegram.world.createBot({ firstName: 'Desk', username: 'desk_bot', token: DESK_TOKEN });
  });

  afterEach(() => harbour.close());

  const calls = (name: string): number => harbour.telegram.calls.filter((call) => call.name === name).length;
  const rowState = () => harbour.store.connections.rows.get(shop)?.state;

  describe('The desk', () => {
    it('C1 V1 logs in by its token once, keeps its key sealed, and comes back without the token', async () => {
      const first = harbour.fleet('a');
      expect(await first.ensureDesk(DESK_TOKEN)).to.deep.equal({
        id: desk,
        peer: `user:${DESK}`,
        username: 'desk_bot',
      });
      await eventually(() => first.state(desk)?.state === 'live');
      await first.close();
      const second = harbour.fleet('b');
      expect(await second.ensureDesk(`${DESK}:not-used`)).to.have.property('username', 'desk_bot');
      await eventually(() => second.state(desk)?.state === 'live');
      expect(calls('auth.importBotAuthorization')).to.equal(1);
      expect(harbour.store.sessions.rows.get(desk)).to.match(/^v1/).and.not.include('authKey');
    });

    it('C1 a wrong token is refused, and nothing is left behind', async () => {
      const fleet = harbour.fleet('a');
      const refused = await fleet.ensureDesk('7000000201:AAwrong').catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(GatewayError).with.property('code', 'BOT_TOKEN_INVALID');
      expect(harbour.store.sessions.rows.size).to.equal(0);
    });

    it('C4 C6 a token that was made anew brings the desk back with the first process that is started with it', async () => {
      const first = harbour.fleet('a');
      await first.ensureDesk(DESK_TOKEN);
      await eventually(() => first.state(desk)?.state === 'live');
      const newToken = `${DESK}:AAmade-anew`;
      const { world, server } = harbour.telegram;
      Object.assign(world.byToken(DESK_TOKEN)?.bot ?? {}, { token: newToken });
      for (const { authKeyId } of server.authorisations(BigInt(DESK))) server.revoke(authKeyId);
      await eventually(() => first.state(desk)?.state === 'needs-login');
      const second = harbour.fleet('b');
      await second.ensureDesk(newToken);
      await eventually(() => second.state(desk)?.state === 'live' || first.state(desk)?.state === 'live');
      // Once refused, once each by a token that works: the former one is not tried again.
      expect(calls('auth.importBotAuthorization')).to.equal(3);
      await second.close();
      await eventually(() => first.state(desk)?.state === 'live');
    });

    it('C6 O4 a process that waits for the login of another one can be stopped', async () => {
      harbour.store.leases.steal(leaseName(desk), 'a', Date.now() + 60_000);
      const stopped = new AbortController();
      const waiting = harbour.fleet('b').ensureDesk(DESK_TOKEN, stopped.signal);
      await eventually(() => harbour.lines.some((line) => line.includes('desk-login-awaited')));
      stopped.abort();
      const refused = await waiting.catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(GatewayError).with.property('code', 'LOGIN_CANCELLED');
      harbour.store.leases.rows.delete(leaseName(desk));
    });

    it('C6 two processes that need the same desk log in once between them', async () => {
      await Promise.all(['a', 'b'].map((holder) => harbour.fleet(holder).ensureDesk(DESK_TOKEN)));
      await eventually(() => connectionsOf(harbour, DESK) === 1);
      expect(calls('auth.importBotAuthorization')).to.equal(1);
    });
  });

  it('C4 C6 a new connection is seen within 2 s, and its states are told and stored', async () => {
    const fleet = harbour.fleet('a');
    await fleet.open();
    await harbour.connect(TOKEN);
    const storedAt = Date.now();
    await eventually(() => fleet.state(shop) !== undefined);
    expect(Date.now() - storedAt).to.be.below(2_000);
    await eventually(() => rowState() === 'live');
    expect(harbour.states).to.deep.equal([
      `${shop} connecting`,
      `${shop} connecting`,
      `${shop} catching-up`,
      `${shop} live`,
    ]);
  });

  it('C1 what a client writes is journaled, and the router is woken', async () => {
    const fleet = harbour.fleet('a');
    await harbour.connect(TOKEN);
    await fleet.open();
    await eventually(() => rowState() === 'live');
    const { world } = harbour.telegram;
    const ann = world.createUser({ firstName: 'Ann' });
    world.actAs(ann).send({ kind: 'user', id: SHOP }, { text: 'hello' });
    await eventually(() => harbour.journaled.includes(shop));
    expect([...harbour.updates.of(shop).rows.values()].map((row) => row.kind)).to.include('new');
  });

  it('C3 a stopped connection closes and stays stopped until it is started', async () => {
    const fleet = harbour.fleet('a');
    await harbour.connect(TOKEN);
    await fleet.open();
    await eventually(() => rowState() === 'live');
    await fleet.stop(shop, 'The team stopped it.');
    expect(harbour.store.connections.rows.get(shop)).to.include({
      state: 'stopped',
      stateReason: 'The team stopped it.',
    });
    await systemClock.sleep(2_000);
    await eventually(() => connectionsOf(harbour, SHOP) === 0);
    const connection = await harbour.store.connections.get(shop);
    if (connection !== undefined) fleet.start({ kind: 'connection', connection });
    await eventually(() => rowState() === 'live');
  });

  it('C3 another process stops and starts a connection by its row', async () => {
    const fleet = harbour.fleet('a');
    await harbour.connect(TOKEN);
    await fleet.open();
    await eventually(() => rowState() === 'live');
    await harbour.store.connections.setState(shop, 'stopped', Date.now());
    await eventually(() => connectionsOf(harbour, SHOP) === 0);
    expect(fleet.sessionOf(shop)).to.equal(undefined);
    await harbour.store.connections.setState(shop, 'connecting', Date.now());
    await eventually(() => rowState() === 'live');
  });

  it('C3 a process that does not hold the session stops it too', async () => {
    await harbour.connect(TOKEN);
    await harbour.fleet('a').open();
    await eventually(() => rowState() === 'live');
    await harbour.fleet('b').stop(shop, 'Enough for today.');
    await eventually(() => connectionsOf(harbour, SHOP) === 0);
    await eventually(() => harbour.store.leases.rows.get(leaseName(shop))?.holder === '');
    expect(harbour.store.connections.rows.get(shop)).to.include({
      state: 'stopped',
      stateReason: 'Enough for today.',
    });
  });

  it('C3 a removed connection is logged out at Telegram, and its key is erased', async () => {
    const fleet = harbour.fleet('a');
    await harbour.connect(TOKEN);
    await fleet.open();
    await eventually(() => rowState() === 'live');
    await harbour.store.connections.remove(shop);
    await eventually(() => harbour.store.sessions.rows.size === 0 && fleet.state(shop) === undefined);
    expect(calls('auth.logOut')).to.equal(1);
    expect(harbour.telegram.server.authorisations(BigInt(SHOP))).to.deep.equal([]);
  });

  it('C3 a process that does not hold the session logs it out too, through the one that does', async () => {
    await harbour.connect(TOKEN);
    await harbour.fleet('a').open();
    await eventually(() => rowState() === 'live');
    await harbour.fleet('command').logout(shop);
    expect(harbour.store.sessions.rows.size).to.equal(0);
    expect(calls('auth.logOut')).to.equal(1);
  });

  it('C3 a session that runs nowhere is logged out as well', async () => {
    await harbour.connect(TOKEN);
    await harbour.fleet('command').logout(shop);
    expect(harbour.store.sessions.rows.size).to.equal(0);
    expect(harbour.telegram.server.authorisations(BigInt(SHOP))).to.deep.equal([]);
  });

  it('C3 a new login replaces the running session, and the former one is ended at Telegram', async () => {
    const fleet = harbour.fleet('a');
    await harbour.connect(TOKEN);
    await fleet.open();
    await eventually(() => rowState() === 'live');
    const former = harbour.telegram.server.authorisations(BigInt(SHOP))[0]?.authKeyId;
    await harbour.connect(TOKEN);
    await eventually(() => calls('auth.logOut') === 1);
    await eventually(() => rowState() === 'live' && connectionsOf(harbour, SHOP) === 1);
    const left = harbour.telegram.server.authorisations(BigInt(SHOP)).map(({ authKeyId }) => authKeyId);
    expect(left).to.have.lengthOf(1).and.not.include(former);
  });

  for (const text of ['SESSION_REVOKED', 'AUTH_KEY_DUPLICATED', 'USER_DEACTIVATED'] as const) {
    it(`C4 after ${text} the connection needs a login, and Telegram is left alone`, async () => {
      const fleet = harbour.fleet('a');
      await harbour.connect(TOKEN);
      await fleet.open();
      await eventually(() => rowState() === 'live');
      const code = text === 'AUTH_KEY_DUPLICATED' ? 406 : 401;
      harbour.telegram.faults.add({ name: 'call.error', code, text, when: { user: BigInt(SHOP) } });
      await fleet
        .sessionOf(shop)
        ?.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })
        .catch(() => undefined);
      await eventually(() => rowState() === 'needs-login');
      expect(harbour.store.connections.rows.get(shop)?.stateReason).to.include(text);
      await eventually(() => connectionsOf(harbour, SHOP) === 0);
      harbour.telegram.calls.length = 0;
      await systemClock.sleep(2_500);
      expect(harbour.telegram.calls.map(({ name }) => name)).to.deep.equal([]);
    });
  }

  it('C4 a session that was ended from another device needs a login; after it, the connection lives', async () => {
    const fleet = harbour.fleet('a');
    await harbour.connect(TOKEN);
    await fleet.open();
    await eventually(() => rowState() === 'live');
    for (const { authKeyId } of harbour.telegram.server.authorisations(BigInt(SHOP)))
      harbour.telegram.server.revoke(authKeyId);
    await eventually(() => rowState() === 'needs-login');
    expect(fleet.sessionOf(shop)).to.equal(undefined);
    await harbour.connect(TOKEN);
    await eventually(() => rowState() === 'live');
  });

  it('C6 of two processes one holds the session; when it closes, the other takes over at once', async () => {
    await harbour.connect(TOKEN);
    const first = harbour.fleet('a');
    await first.open();
    await eventually(() => rowState() === 'live');
    const second = harbour.fleet('b');
    await second.open();
    await eventually(() => second.state(shop)?.reason === 'Another process holds this session.');
    expect(connectionsOf(harbour, SHOP)).to.equal(1);
    expect(second.sessionOf(shop)).to.equal(undefined);
    await first.close();
    await eventually(() => second.state(shop)?.state === 'live');
    expect(connectionsOf(harbour, SHOP)).to.equal(1);
  });

  it('C6 who loses the lease sends nothing more and closes every socket', async () => {
    const fleet = harbour.fleet('a');
    await harbour.connect(TOKEN);
    await fleet.open();
    await eventually(() => rowState() === 'live');
    const session = fleet.sessionOf(shop);
    harbour.store.leases.steal(leaseName(shop), 'b', Date.now() + 60_000);
    await eventually(() => connectionsOf(harbour, SHOP) === 0);
    expect(fleet.sessionOf(shop)).to.equal(undefined);
    const late = await session?.call({ _: 'updates.getState' }).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(GatewayError).with.property('code', 'STALE_FENCE');
  });

  it('V1 tokens and keys stand in no line of the log', async () => {
    const fleet = harbour.fleet('a');
    await fleet.ensureDesk(DESK_TOKEN);
    await eventually(() => fleet.state(desk)?.state === 'live');
    expect(harbour.lines).not.to.have.lengthOf(0);
    expect(harbour.lines.join('\n')).not.to.include('AAsecret');
  });
});
