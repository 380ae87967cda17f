import { expect } from 'chai';
import { readFileSync, statSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { renderUnicodeCompact } from 'uqr';
import { clientOpener, loginDeps } from '../../src/app/telegram.js';
import { readSettings } from '../../src/config/settings.js';
import { systemClock } from '../../src/runtime/clock.js';
import { startLogin } from '../../src/telegram/login/login.js';
import type { Account } from '../emulator/world/model.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../walks/until.js';
import { answerOf, besideOneAnother, expectClean } from './endings.js';
import { filesHolding, marked, PASSWORD, rowsIn, SHOP_TOKEN, type Place } from './place.js';
import { runCommand, type Env } from './process.js';
import { withPlace } from './with-place.js';

describe('Commands without a running gateway', function () {
  this.timeout(90_000);
  let place: Place;
  withPlace('once', (opened) => (place = opened));

  const team = () => marked(place.groups.team);
  const connected = ({ id }: Account) => ({ connection: `c${id}`, peer: `user:${id}`, group: team() });

  /** Another device of the account scans the code. */
  async function scan(account: Account, token: Buffer, env: Env): Promise<void> {
    const parts = { settings: readSettings(env), clock: systemClock, log: silentLog };
    const open = clientOpener(parts);
    const login = startLogin(loginDeps(parts, open), { kind: 'phone', phone: account.phone ?? '' });
    await login.next();
    const step = await login.next(place.code(account));
    if (step.step !== 'done') throw new Error(step.step);
    const device = open({ dc: step.dc, authKey: step.authKey });
    await device.call({ _: 'auth.acceptLoginToken', token });
    await device.close();
  }

  /** The next QR token that Telegram hands out. */
  function nextToken(): Promise<Buffer> {
    const { logins } = place.telegram;
    const original = logins.newToken.bind(logins);
    return new Promise((resolve) => {
      logins.newToken = (authKeyId) => {
        const made = original(authKeyId);
        logins.newToken = original;
        resolve(made.token);
        return made;
      };
    });
  }

  besideOneAnother([
    {
      title:
        'C1 V1 a bot by one line on stdin, listed and logged out again; its token is in no file and no process list',
      run: async () => {
        const env = place.env();
        mkdirSync(env.DATA_DIR, { mode: 0o755 });
        const login = runCommand(['login', 'bot', '--group', team()], env);
        login.type(SHOP_TOKEN);
        await until(() => login.stderr().includes('Backend group: Team'), 'the group', 60_000);
        expect(readFileSync(`/proc/${login.pid}/cmdline`, 'utf8')).not.to.match(/AAsecret/);
        const ended = await login.ended;
        expect(answerOf(ended)).to.deep.equal(connected(place.shop));
        expectClean(ended.stdout + ended.stderr);
        const id = `c${place.shop.id}`;
        expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [id], sessions: [id] });
        expect(filesHolding(env.DATA_DIR, [SHOP_TOKEN, SHOP_TOKEN.split(':')[1]!])).to.deep.equal([]);
        const mode = (name: string) => (statSync(join(env.DATA_DIR, name)).mode & 0o777).toString(8);
        expect([mode('.'), mode('key')]).to.deep.equal(['700', '600']);

        const list = await runCommand(['connections'], env).ended;
        expect(answerOf(list)).to.have.nested.property('connections[0].id', id);
        expect(list.stderr).to.equal(`${id}  bot  Shop  0 open holes  connecting\n`);

        const { server } = place.telegram;
        expect(server.authorisations(BigInt(place.shop.id))).to.have.lengthOf(1);
        const logout = await runCommand(['logout', id], env).ended;
        expect(answerOf(logout)).to.deep.equal({ connection: id, loggedOut: true });
        expect(server.authorisations(BigInt(place.shop.id))).to.deep.equal([]);
        expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [], sessions: [] });
        const again = await runCommand(['logout', id], env).ended;
        expect(again).to.include({ code: 2, stdout: '' });
        expect(again.stderr).to.match(/^There is no such connection; `connections` lists them\./);
      },
    },
    {
      title: 'C2 an account by phone, code and password, one line each',
      run: async () => {
        const { vera } = place.people;
        const env = place.env();
        const args = ['login', 'account', '--group', team(), '--phone', `+${vera.phone}`];
        const login = runCommand(args, env);
        login.type(await until(() => place.code(vera), 'the code', 60_000));
        login.type(PASSWORD);
        const ended = await login.ended;
        expect(answerOf(ended)).to.deep.equal(connected(vera));
        expectClean(ended.stdout + ended.stderr);
        expect(filesHolding(env.DATA_DIR, [PASSWORD, vera.phone!])).to.deep.equal([]);
      },
    },
    {
      title: 'C2 an account by QR code: drawn on stderr, and done when another device has scanned it',
      run: async () => {
        const { max } = place.people;
        const env = place.env();
        const token = nextToken();
        const login = runCommand(['login', 'account', '--qr', '--group', team()], env);
        const url = `tg://login?token=${(await token).toString('base64url')}`;
        await until(() => login.stderr().includes(renderUnicodeCompact(url)), 'the QR code', 60_000);
        await scan(max, await token, place.env({ DATA_DIR: env.DATA_DIR }));
        expect(answerOf(await login.ended)).to.deep.equal(connected(max));
      },
    },
    {
      title: 'C3 O3 a logout that does not reach Telegram ends with 4, keeps the key and may be repeated',
      run: async () => {
        const { ann } = place.people;
        const env = place.env();
        const login = runCommand(['login', 'account', '--group', team(), '--phone', `+${ann.phone}`], env);
        login.type(await until(() => place.code(ann), 'the code', 60_000));
        answerOf(await login.ended);
        const id = `c${ann.id}`;
        const cut = await runCommand(['logout', id], { ...env, TELEGRAM_SERVER: '127.0.0.1:1' }).ended;
        expect(cut, cut.stderr).to.include({ code: 4, stdout: '' });
        expect(cut.stderr).to.match(/^Telegram cannot be reached \([^)]*\); .*\n$/);
        expect((await rowsIn(env.DATA_DIR)).sessions).to.deep.equal([id]);
        expect(answerOf(await runCommand(['logout', id], env).ended)).to.include({ loggedOut: true });
        expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [], sessions: [] });
        expect(place.telegram.server.authorisations(BigInt(ann.id))).to.deep.equal([]);
      },
    },
  ]);
});
