import { expect } from 'chai';
import { until } from '../walks/until.js';
import { marked, SHOP_TOKEN, type Place } from './place.js';
import { hasTerminal, runOnTerminal, type Program } from './process.js';
import { withPlace } from './with-place.js';

const deleteKey = '\x7f';
const ctrlC = '\x03';

(hasTerminal ? describe : describe.skip)('A login on a terminal', function () {
  this.timeout(60_000);
  let place: Place;
  withPlace('each', (opened) => (place = opened));

  const sees = (program: Program, text: string, times = 1) =>
    until(() => program.stdout().split(text).length > times, text, 30_000);

  it('C1 V1 hides the token, lets a mistyped one be typed again, and ends with the connection', async () => {
    const program = runOnTerminal(['login', 'bot', '--group', marked(place.groups.team)], place.env());
    await sees(program, 'Bot token (from @BotFather): ');
    program.type('my password');
    await sees(program, 'Telegram does not accept this token');
    await sees(program, 'Bot token (from @BotFather): ', 2);
    program.type(`x${deleteKey}${SHOP_TOKEN}`);
    const { code, stdout } = await program.ended;
    expect(code, stdout).to.equal(0);
    expect(stdout).to.include(`{"connection":"c${place.shop.id}"`);
    expect(stdout).not.to.match(/AAsecret|my password/);
  });

  it('C2 Ctrl-C at a question ends it with 3 and one sentence', async () => {
    const phone = place.people.max.phone ?? '';
    const args = ['login', 'account', '--group', marked(place.groups.team), '--phone', phone];
    const program = runOnTerminal(args, place.env());
    await sees(program, 'Login code: ');
    program.type(ctrlC);
    const { code, stdout } = await program.ended;
    expect(code, stdout).to.equal(3);
    expect(stdout).to.match(/The login was given up before it was finished; start it again\.\s*$/);
    expect(stdout).not.to.match(/^\s+at /m);
  });
});
