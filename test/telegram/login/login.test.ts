import { expect } from 'chai';
import { startLogin, type Login, type Step } from '../../../src/telegram/login/login.js';
import type { Client } from '../../../src/telegram/rpc/client.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { drive, openInstallation, told, type Installation } from './installation.js';

const TOKEN = '7000000100:AAsecret-of-the-bot';
const PHONE = '+49 30 123456';
const PASSWORD = 'correct horse';

describe('Login', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await openInstallation({ dcs: [2, 4] });
    const { world } = installation.telegram;
    world.createBot({ firstName: 'Shop', username: 'shop_bot', token: TOKEN });
    world.createBot({ firstName: 'Far', username: 'far_bot', token: '7000000104:AAfar', dc: 4 });
    world.createUser({ firstName: 'Vera', lastName: 'Weiss', phone: '4930123456' });
    world.createUser({ firstName: 'Far', phone: '4930444444', dc: 4 });
    world.createUser({ firstName: 'Safe', phone: '4930555555', password: PASSWORD });
  });

  afterEach(() => installation.close());

  const codeOf = (phone: string): string => installation.telegram.logins.code(phone) ?? '';

  describe('of a bot', () => {
    it('C1 a token logs the bot in, and the key that comes out speaks as the bot on a link of its own', async () => {
      const [step] = await drive(installation.login, { kind: 'bot', token: TOKEN });
      if (step?.step !== 'done') throw new Error(step && told(step));
      expect(step).to.include({
        userId: '7000000100',
        name: 'Shop',
        username: 'shop_bot',
        kind: 'bot',
        dc: 2,
      });
      expect(step.authKey).to.have.lengthOf(256);
      expect(await selfOf(step, installation)).to.equal(7000000100);
    });

    it('C1 a wrong token is asked for again with a plain sentence, as often as the caller likes', async () => {
      const steps = await drive(
        installation.login,
        { kind: 'bot' },
        '1:AAwrong',
        'my password',
        ` ${TOKEN} `,
      );
      expect(steps.map(told)).to.deep.equal([
        'ask token',
        'ask token after BOT_TOKEN_INVALID',
        'ask token after BOT_TOKEN_INVALID',
        'done 7000000100 on 2',
      ]);
      expect(steps[1])
        .to.have.property('error')
        .that.matches(/^Telegram does not accept this token;/);
    });

    it('C1 what is certainly no token does not travel', async () => {
      await drive(installation.login, { kind: 'bot' }, 'my password');
      expect(installation.telegram.calls.map(({ name }) => name)).not.to.include(
        'auth.importBotAuthorization',
      );
    });

    it('C2 a bot that lives at another data centre is followed there with a new key', async () => {
      const [step] = await drive(installation.login, { kind: 'bot', token: '7000000104:AAfar' });
      if (step?.step !== 'done') throw new Error(step && told(step));
      expect(step.dc).to.equal(4);
      expect(await selfOf(step, installation)).to.equal(7000000104);
    });
  });

  describe('by phone', () => {
    it('C2 a wrong code is a step of the same login, and the right one ends it', async () => {
      const login = startLogin(installation.login, { kind: 'phone', phone: PHONE });
      expect(told(await login.next())).to.equal('ask code');
      expect(told(await login.next(wrong(codeOf(PHONE))))).to.equal('ask code after CODE_INVALID');
      const done = await login.next(codeOf(PHONE).replaceAll(/(?<=.)/g, ' '));
      expect(done).to.include({ step: 'done', name: 'Vera Weiss', kind: 'account' });
    });

    it('C2 a number that Telegram does not accept is asked for again', async () => {
      const steps = await drive(installation.login, { kind: 'phone' }, '12', PHONE);
      expect(steps.map(told)).to.deep.equal(['ask phone', 'ask phone after PHONE_INVALID', 'ask code']);
    });

    it('C2 an expired code brings a new one', async () => {
      const login = startLogin(installation.login, { kind: 'phone', phone: PHONE });
      await login.next();
      const former = codeOf(PHONE);
      installation.telegram.logins.sendCode('4930123456');
      expect(told(await login.next(former))).to.equal('ask code after CODE_INVALID');
      expect(told(await login.next(codeOf(PHONE)))).to.match(/^done/);
    });

    it('C2 a number without an account fails in words', async () => {
      const login = startLogin(installation.login, { kind: 'phone', phone: '+4930000000' });
      await login.next();
      expect(told(await login.next(codeOf('4930000000')))).to.equal('failed TELEGRAM_REFUSED');
    });

    it('C2 the account is followed to its data centre before the code is sent', async () => {
      const login = startLogin(installation.login, { kind: 'phone', phone: '4930444444' });
      expect(told(await login.next())).to.equal('ask code');
      const done = await login.next(codeOf('4930444444'));
      expect(done).to.include({ step: 'done', dc: 4 });
    });

    it('C2 the password is asked for where one is set; a wrong one is a step', async () => {
      const login = startLogin(installation.login, { kind: 'phone', phone: '4930555555' });
      await login.next();
      expect(told(await login.next(codeOf('4930555555')))).to.equal('ask password');
      expect(told(await login.next('wrong'))).to.equal('ask password after PASSWORD_INVALID');
      expect(told(await login.next(PASSWORD))).to.match(/^done/);
    });
  });

  describe('by QR code', () => {
    let phone: Client;

    /** A device on which the account is logged in already. */
    async function device(number: string, password?: string): Promise<void> {
      const login = startLogin(installation.login, { kind: 'phone', phone: number });
      await login.next();
      const step = await login.next(codeOf(number));
      const done = password === undefined ? step : await login.next(password);
      if (done.step !== 'done') throw new Error(told(done));
      phone = installation.openClient({ dc: done.dc, authKey: done.authKey });
    }

    const scan = (url: string) =>
      phone.call({
        _: 'auth.acceptLoginToken',
        token: Buffer.from(url.split('token=')[1] ?? '', 'base64url'),
      });

    it('C2 a scanned code logs in', async () => {
      await device(PHONE);
      const login = startLogin(installation.login, { kind: 'qr' });
      const shown = urlOf(await login.next());
      expect(shown).to.match(/^tg:\/\/login\?token=[\w-]+$/);
      const waiting = login.next();
      await scan(shown);
      expect(await waiting).to.include({ step: 'done', name: 'Vera Weiss' });
    });

    it('C2 a scan between two calls is not missed', async () => {
      await device(PHONE);
      const login = startLogin(installation.login, { kind: 'qr' });
      await scan(urlOf(await login.next()));
      expect(told(await login.next())).to.match(/^done/);
    });

    it('C2 an account of another data centre is redeemed there', async () => {
      await device('4930444444');
      const login = startLogin(installation.login, { kind: 'qr' });
      await scan(urlOf(await login.next()));
      const done = await login.next();
      if (done.step !== 'done') throw new Error(told(done));
      expect(done.dc).to.equal(4);
      expect(await selfOf(done, installation)).to.equal(Number(done.userId));
    });

    it('C2 the password is asked for after the scan where one is set', async () => {
      await device('4930555555', PASSWORD);
      const login = startLogin(installation.login, { kind: 'qr' });
      await scan(urlOf(await login.next()));
      expect(told(await login.next())).to.equal('ask password');
      expect(told(await login.next('wrong'))).to.equal('ask password after PASSWORD_INVALID');
      expect(told(await login.next(PASSWORD))).to.match(/^done/);
    });

    it('C2 an expired code is shown anew, and the new one is good', async () => {
      await device(PHONE);
      const clock = new VirtualClock(Date.now());
      const login = startLogin({ ...installation.login, clock }, { kind: 'qr' });
      const first = urlOf(await login.next());
      const waiting = login.next();
      await clock.advance(31_000);
      const second = urlOf(await waiting);
      expect(second).not.to.equal(first);
      await scan(second);
      expect(told(await login.next())).to.match(/^done/);
      expect(clock.pending, 'timers left behind').to.equal(0);
    });

    it('C2 a login that is given up answers who waits, and says so for ever', async () => {
      const login = startLogin(installation.login, { kind: 'qr' });
      await login.next();
      const waiting = login.next();
      await login.cancel();
      expect(told(await waiting)).to.equal('failed LOGIN_CANCELLED');
      expect(told(await login.next())).to.equal('failed LOGIN_CANCELLED');
    });
  });

  it('C2 an empty answer asks the same again, without a call', async () => {
    const login = startLogin(installation.login, { kind: 'phone', phone: PHONE });
    const asked = await login.next();
    const before = installation.telegram.calls.length;
    expect(await login.next('  ')).to.equal(asked);
    expect(installation.telegram.calls).to.have.lengthOf(before);
    await login.cancel();
  });

  it('C2 a long flood wait ends the login with its seconds', async () => {
    installation.telegram.faults.add({
      name: 'call.flood',
      seconds: 3600,
      when: { method: 'auth.sendCode' },
    });
    const [step] = await drive(installation.login, { kind: 'phone', phone: PHONE });
    expect(step?.step === 'failed' && step.error.message).to.equal(
      'Telegram asks us to wait 3600 seconds before the next try.',
    );
  });

  it('C2 a finished login leaves no connection behind', async () => {
    const [step] = await drive(installation.login, { kind: 'bot', token: TOKEN });
    expect(step && told(step)).to.match(/^done/);
    await eventually(() => connectionsOf(7000000100n, installation) === 0);
  });

  it('V1 token, code, password and key stand in no line of the log', async () => {
    await drive(installation.login, { kind: 'bot' }, '1:AAwrong', TOKEN);
    const login: Login = startLogin(installation.login, { kind: 'phone', phone: '4930555555' });
    await login.next();
    const code = codeOf('4930555555');
    await login.next(code);
    await login.next('wrong guess');
    const done = await login.next(PASSWORD);
    if (done.step !== 'done') throw new Error(told(done));
    expect(installation.lines).not.to.have.lengthOf(0);
    const key = Buffer.from(done.authKey);
    const secrets = [
      TOKEN,
      'AAwrong',
      code,
      'wrong guess',
      PASSWORD,
      '4930555555',
      key.toString('base64'),
      key.toString('hex'),
    ];
    for (const secret of secrets) expect(installation.lines.join('\n')).not.to.include(secret);
  });
});

function urlOf(step: Step): string {
  if (step.step !== 'show') throw new Error(told(step));
  return step.url;
}

function wrong(code: string): string {
  return code === '11111' ? '22222' : '11111';
}

async function selfOf(
  { dc, authKey }: { dc: number; authKey: Uint8Array },
  installation: Installation,
): Promise<number> {
  const client = installation.openClient({ dc, authKey });
  const [self] = await client.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
  return self?.id ?? 0;
}

function connectionsOf(userId: bigint, { telegram }: Installation): number {
  return telegram.server.authorisations(userId).reduce((sum, { connections }) => sum + connections, 0);
}

/** Waits for what the sockets have not told yet; the test's own timeout is the limit. */
async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await systemClock.sleep(5);
}
