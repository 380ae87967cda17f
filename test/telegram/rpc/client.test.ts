import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import type { tl } from '@mtcute/tl';
import { DcDirectory } from '../../../src/telegram/link/dc-directory.js';
import type { LinkEvent } from '../../../src/telegram/link/link.js';
import { toLong } from '../../../src/telegram/tl/long.js';
import { openLink } from '../../../src/telegram/link/open-link.js';
import { createClient, type Client, type ClientOptions } from '../../../src/telegram/rpc/client.js';
import { computePasswordCheck } from '../../../src/telegram/rpc/password-check.js';
import { createTelegram, type LocalTelegram } from '../../emulator/telegram.js';
import { silentLog } from '../../support/silent-log.js';
import { fastClock } from '../link/fast-clock.js';
import { until } from '../link/wait.js';

const getState = { _: 'updates.getState' } as const;
const config = { _: 'help.getConfig' } as const;

describe('the client on the local Telegram', () => {
  let telegram: LocalTelegram;
  let port: number;
  let clients: Client[];
  let directory: DcDirectory;
  let keys: { readonly key: Uint8Array; readonly dc: number }[];
  const clock = fastClock(1);

  beforeEach(async () => {
    telegram = createTelegram({ dcs: [2, 4] });
    port = (await telegram.listen()).ports[2]!;
    clients = [];
    keys = [];
    directory = new DcDirectory(server());
    telegram.world.createUser({ firstName: 'Anna', phone: '4912345670', password: 'Geheim ß', dc: 2 });
    telegram.world.createUser({ firstName: 'Boris', phone: '4912345674', dc: 4 });
    telegram.world.createBot({ firstName: 'Desk', username: 'desk_bot', token: '7000000009:x', dc: 2 });
  });

  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await telegram.close();
  });

  const server = () =>
    ({ kind: 'custom', host: '127.0.0.1', port, publicKeyPem: telegram.publicKeyPem }) as const;

  const open = (over: Partial<ClientOptions> = {}): Client => {
    const client = createClient({
      server: server(),
      dc: 2,
      identity: { apiId: 1, apiHash: 'hash', deviceModel: 'test', appVersion: '1' },
      log: silentLog,
      clock,
      directory,
      onAuthKey: (key, dc) => keys.push({ key, dc }),
      ...over,
    });
    clients.push(client);
    return client;
  };

  const sendCode = (phoneNumber: string) =>
    ({
      _: 'auth.sendCode',
      phoneNumber,
      apiId: 1,
      apiHash: 'hash',
      settings: { _: 'codeSettings' },
    }) as const;

  const loginBot = async (client: Client) =>
    client.call({
      _: 'auth.importBotAuthorization',
      flags: 0,
      apiId: 1,
      apiHash: 'hash',
      botAuthToken: '7000000009:x',
    });

  const saveFile = (bytes: Uint8Array) =>
    ({ _: 'upload.saveFilePart', fileId: toLong(7n), filePart: 0, bytes }) as const;

  it('C1 a bot logs in over a fresh key; the key opens the same session later', async () => {
    const first = open();
    await loginBot(first);
    expect(keys.map(({ key, dc }) => [key.length, dc])).to.deep.equal([[256, 2]]);
    await first.close();
    const second = open({ authKey: keys[0]!.key });
    expect(await second.call(getState)).to.have.property('_', 'updates.state');
    expect(keys).to.have.length(1);
    expect(telegram.problems).to.deep.equal([]);
  });

  it('C1 a key of another DC finds it through the configuration, in a process that knows one address only', async () => {
    const login = open({ dc: 4 });
    await login.call(config);
    await login.call(sendCode('4912345674'));
    expect(login.dc).to.equal(4);
    await login.close();
    const stored = keys.at(-1)!;
    const later = open({ dc: stored.dc, authKey: stored.key, directory: new DcDirectory(server()) });
    expect(await later.call(config)).to.have.property('thisDc', 4);
  });

  it('C2 a phone of another DC moves the login there, key and all', async () => {
    const client = open();
    const events: LinkEvent[] = [];
    client.onEvent((event) => events.push(event));
    await client.call(config);
    expect(client.dc).to.equal(2);
    const [sent, again] = await Promise.all([
      client.call(sendCode('4912345674')),
      client.call(sendCode('4912345674')),
    ]);
    expect([sent._, again._]).to.deep.equal(['auth.sentCode', 'auth.sentCode']);
    expect(client.dc).to.equal(4);
    expect(keys.map(({ dc }) => dc)).to.deep.equal([2, 4]);
    expect(Buffer.from(client.authKey).equals(Buffer.from(keys[1]!.key))).to.equal(true);
    expect(events.filter(({ type }) => type === 'connected')).to.have.length(2);
  });

  it('C2 the proof of a password is accepted, that of a wrong one is not', async () => {
    const client = open();
    const { phoneCodeHash } = (await client.call(sendCode('4912345670'))) as tl.auth.RawSentCode;
    const phoneCode = telegram.logins.code('4912345670')!;
    const signIn = { _: 'auth.signIn', phoneNumber: '4912345670', phoneCodeHash, phoneCode } as const;
    const refused = await client.call(signIn).catch((error: unknown) => error);
    expect(refused).to.have.nested.property('cause.type', 'SESSION_PASSWORD_NEEDED');
    const check = async (text: string) => {
      const settings = await client.call({ _: 'account.getPassword' });
      return client.call({ _: 'auth.checkPassword', password: await computePasswordCheck(settings, text) });
    };
    expect(await check('geheim').catch((error: unknown) => error)).to.have.property(
      'code',
      'PASSWORD_INVALID',
    );
    expect(await check('Geheim ß')).to.have.property('_', 'auth.authorization');
  });

  it('M2 links for files: the home DC shares the key, another one imports the authorisation, and both are made once', async () => {
    const client = open();
    await loginBot(client);
    const [home, homeAgain, away] = await Promise.all([
      client.mediaLink(),
      client.mediaLink(2),
      client.mediaLink(4),
    ]);
    expect(home).to.equal(homeAgain);
    for (const link of [home, away]) expect(await link.call(saveFile(Buffer.alloc(1024)))).to.equal(true);
    const saves = telegram.calls.filter(({ name }) => name === 'upload.saveFilePart');
    expect(saves.map(({ caller }) => caller.dc)).to.deep.equal([2, 4]);
    expect(saves.map(({ caller }) => caller.userId)).to.deep.equal([7000000009n, 7000000009n]);
    expect(telegram.calls.filter(({ name }) => name === 'auth.exportAuthorization')).to.have.length(1);
  });

  it('M1 updates come to the main link, also after the links for files were used', async () => {
    const client = open();
    await loginBot(client);
    await client.call(getState);
    const media = await client.mediaLink();
    await media.call(saveFile(Buffer.alloc(16)));
    const updates: string[] = [];
    client.onUpdate(({ _ }) => updates.push(_));
    telegram.server.push(7000000009n, { _: 'updatesTooLong' });
    await until('the update', () => updates.length > 0);
    expect(updates).to.deep.equal(['updatesTooLong']);
  });

  it('M1 own results are shown before their caller gets them', async () => {
    const client = open();
    const seen: string[] = [];
    client.onResult((request, result) => seen.push(`${request._} ${(result as { _: string })._}`));
    await client.call(config).then(() => seen.push('caller'));
    expect(seen).to.deep.equal(['help.getConfig config', 'caller']);
  });

  it('M7 a short flood wait is waited out, a long one thrown with its seconds', async () => {
    const client = open();
    const when = { method: 'help.getConfig' };
    await client.call(config);
    telegram.faults.add({ name: 'call.flood', seconds: 1, when, times: 1 });
    const startMs = Date.now();
    await client.call(config);
    expect(Date.now() - startMs).to.be.within(990, 2_000);
    telegram.faults.add({ name: 'call.flood', seconds: 300, when, times: 1 });
    const error = await client.call(config).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'FLOOD_WAIT', detail: '300' });
  });

  it("C5 Telegram's own trouble and a lost answer pass unseen where repeating is safe", async () => {
    const client = open();
    await loginBot(client);
    const when = { method: 'updates.getState' };
    telegram.faults.add({ name: 'call.error', code: 500, text: 'INTERNAL', when, times: 1 });
    expect(await client.call(getState)).to.have.property('_', 'updates.state');
    telegram.faults.add({ name: 'call.close-after', when, times: 1 });
    expect(await client.call(getState)).to.have.property('_', 'updates.state');
  });

  it('C4 a revoked session is dead: one event, every call says so, no socket stays', async () => {
    const client = open();
    await loginBot(client);
    const media = await client.mediaLink();
    const events: LinkEvent[] = [];
    client.onEvent((event) => events.push(event));
    const when = { method: 'updates.getState' };
    telegram.faults.add({ name: 'call.error', code: 401, text: 'SESSION_REVOKED', when, times: 1 });
    const error = await client.call(getState).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'SESSION_DEAD', detail: 'SESSION_REVOKED' });
    expect(events).to.deep.equal([{ type: 'dead', reason: 'SESSION_REVOKED' }]);
    for (const call of [client.call(getState), client.mediaLink(), media.call(saveFile(Buffer.alloc(16)))])
      expect(await call.catch((thrown: unknown) => thrown)).to.have.property('message');
    await until('the end of all sockets', () => connections() === 0);
  });

  it('C4 AUTH_KEY_UNREGISTERED before a login is no death', async () => {
    const client = open();
    const events: LinkEvent[] = [];
    client.onEvent((event) => events.push(event));
    const error = await client.call(getState).catch((thrown: unknown) => thrown);
    expect(error).to.have.nested.property('cause.type', 'AUTH_KEY_UNREGISTERED');
    expect(events.map(({ type }) => type)).not.to.include('dead');
    await loginBot(client);
    expect(await client.call(getState)).to.have.property('_', 'updates.state');
  });

  it('C6 closing leaves no connection of the key, neither the main one nor those for files', async () => {
    const client = open();
    await loginBot(client);
    await client.mediaLink();
    await until('both connections', () => connections() === 2);
    await client.close();
    await until('none', () => connections() === 0);
  });

  it('C5 a new salt, a jumped clock and a forgotten session cost nothing but an event', async () => {
    const client = open();
    await loginBot(client);
    const events: LinkEvent[] = [];
    client.onEvent((event) => events.push(event));
    telegram.faults.add({ name: 'session.salt' });
    await client.call(getState);
    telegram.faults.add({ name: 'session.clock', seconds: 5_000 });
    await client.call(getState);
    telegram.faults.add({ name: 'session.forget' });
    await client.call(getState);
    expect(events.map(({ type }) => type)).to.include('newSession');
    expect(events.map(({ type }) => type)).not.to.include('dead');
  });

  it('a link that can not be opened in time says why: the server has another key, or nothing listens', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const options = {
      server: server(),
      dc: 2,
      identity: { apiId: 1, deviceModel: 'test', appVersion: '1' },
      log: silentLog,
      clock,
      openWithinMs: 300,
    };
    const foreign = await openLink({ ...options, server: { ...server(), publicKeyPem } }).catch(
      (error: unknown) => error,
    );
    expect(foreign).to.have.property('detail', 'handshake: it offers no key that we trust');
    telegram.faults.add({ name: 'socket.refuse' });
    const refused = await openLink(options).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'TELEGRAM_UNREACHABLE', detail: 'ECONNREFUSED' });
  });

  const connections = (): number =>
    telegram.server.authorisations(7000000009n).reduce((sum, one) => sum + one.connections, 0);
});
