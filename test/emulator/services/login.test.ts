import { expect } from 'chai';
import { Api } from 'telegram';
import { stage, type Stage } from './stage.js';

describe('logging in to the local Telegram with stock GramJS', () => {
  let town: Stage;

  beforeEach(async () => {
    town = await stage();
  });

  afterEach(() => town.close());

  it('O2 a bot logs in by its token, and an unknown token is refused', async () => {
    const client = await town.asBot(town.bot);
    const me = await client.getMe();
    expect(me.username).to.equal('desk_bot');
    expect(me.bot).to.equal(true);
    const stranger = await town.client();
    const refused = await stranger
      .invoke(
        new Api.auth.ImportBotAuthorization({ apiId: 1, apiHash: 'h', botAuthToken: '1:nobody', flags: 0 }),
      )
      .catch((error: unknown) => String(error));
    expect(refused).to.contain('ACCESS_TOKEN_INVALID');
  });

  it('O2 a person logs in by phone after a wrong code', async () => {
    const client = await town.client();
    const complaints: string[] = [];
    let tries = 0;
    await client.start({
      phoneNumber: '+49 151 0001',
      phoneCode: async () => (tries++ === 0 ? '1' : (town.telegram.logins.code('491510001') ?? '')),
      onError: (error) => void complaints.push(error.message),
    });
    expect(complaints.join()).to.contain('PHONE_CODE_INVALID');
    expect((await client.getMe()).phone).to.equal('491510001');
  });

  it('O2 two-step verification refuses a wrong password and takes the right one', async () => {
    const client = await town.client();
    const complaints: string[] = [];
    const passwords = ['wrong', 'secret words'];
    await client.start({
      phoneNumber: '+491510002',
      phoneCode: async () => town.telegram.logins.code('491510002') ?? '',
      password: async () => passwords.shift() ?? '',
      onError: (error) => void complaints.push(error.message),
    });
    expect(complaints.join()).to.contain('PASSWORD_HASH_INVALID');
    expect((await client.getMe()).firstName).to.equal('Boris');
  });

  it('O2 a QR code shown by one client is accepted by another', async () => {
    const phone = await town.asPerson(town.anna);
    const desktop = await town.client();
    const user = await desktop.signInUserWithQrCode(
      { apiId: 1, apiHash: 'hash' },
      {
        qrCode: async ({ token }) => {
          await phone.invoke(new Api.auth.AcceptLoginToken({ token }));
        },
        onError: (error) => {
          throw error;
        },
      },
    );
    expect(user.className).to.equal('User');
    expect((await desktop.getMe()).firstName).to.equal('Anna');
  });

  it('O2 an account that lives in another DC is found there', async () => {
    await town.close();
    town = await stage({ dcs: [2, 4] });
    const far = town.telegram.world.createUser({ firstName: 'Far', phone: '+49 151 0009', dc: 4 });
    const client = await town.asPerson(far);
    expect((await client.getMe()).firstName).to.equal('Far');
    const signIn = town.telegram.calls.find(({ name }) => name === 'auth.signIn');
    expect(signIn?.caller.dc).to.equal(4);
  });

  it('O2 a bot and a scanned QR code of another DC are sent there', async () => {
    await town.close();
    town = await stage({ dcs: [2, 4] });
    const { world, calls } = town.telegram;
    const bot = await town.asBot(world.createBot({ firstName: 'Far', username: 'far_bot', dc: 4 }));
    expect((await bot.getMe()).username).to.equal('far_bot');
    const far = world.createUser({ firstName: 'Far', phone: '+49 151 0009', dc: 4 });
    const phone = await town.asPerson(far);
    const desktop = await town.client();
    await desktop.signInUserWithQrCode(
      { apiId: 1, apiHash: 'hash' },
      {
        qrCode: async ({ token }) => {
          await phone.invoke(new Api.auth.AcceptLoginToken({ token }));
        },
        onError: (error) => {
          throw error;
        },
      },
    );
    expect((await desktop.getMe()).phone).to.equal('491510009');
    expect(calls.find(({ name }) => name === 'auth.importLoginToken')?.caller.dc).to.equal(4);
  });

  it('O2 a logged-out authorisation is unknown', async () => {
    const client = await town.asBot(town.bot);
    await client.invoke(new Api.auth.LogOut());
    const refused = await client.invoke(new Api.updates.GetState()).catch((error: unknown) => String(error));
    expect(refused).to.contain('AUTH_KEY_UNREGISTERED');
  });

  it('O2 methods for people are refused to bots, and the other way round', async () => {
    const bot = await town.asBot(town.bot);
    const history = new Api.messages.GetHistory({ peer: new Api.InputPeerSelf(), limit: 1 });
    const refused = await bot.invoke(history).catch((error: unknown) => String(error));
    expect(refused).to.contain('BOT_METHOD_INVALID');
    const anna = await town.asPerson(town.anna);
    const commands = new Api.bots.SetBotCommands({
      scope: new Api.BotCommandScopeDefault(),
      langCode: '',
      commands: [],
    });
    const also = await anna.invoke(commands).catch((error: unknown) => String(error));
    expect(also).to.contain('USER_BOT_REQUIRED');
  });
});
