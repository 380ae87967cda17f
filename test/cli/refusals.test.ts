import { expect } from 'chai';
import { until } from '../walks/until.js';
import { besideOneAnother, expectRefused, type Refusal } from './endings.js';
import { DESK_TOKEN, marked, openPlace, rowsIn, type Place } from './place.js';
import { killPrograms, ready, runCommand, runGateway, type Env, type Program } from './process.js';

describe('A login that is refused ends with one sentence and writes nothing', function () {
  this.timeout(90_000);
  let place: Place;
  let env: Env & { readonly DATA_DIR: string };
  before(async () => {
    place = await openPlace();
    env = place.env();
    await ready(runGateway(env));
  });
  after(async () => {
    await killPrograms();
    await place.close();
  });

  const team = () => marked(place.groups.team);
  const bot = (group: string) => runCommand(['login', 'bot', '--group', group], env);
  const account = (phone: string) =>
    runCommand(['login', 'account', '--group', team(), '--phone', phone], env);

  async function refused(program: Program, refusal: Refusal, ...answers: string[]): Promise<void> {
    for (const answer of answers) program.type(answer);
    program.hangUp();
    expectRefused(await program.ended, refusal);
  }

  /** Waits until Telegram has sent the code, and answers it. */
  const codeOf = (phone: string) => until(() => place.telegram.logins.code(phone), 'the code', 60_000);

  const notAccepted = /^Telegram does not accept this bot token; copy it again from @BotFather\.$/;

  besideOneAnother([
    {
      title: 'C1 a token that Telegram does not know: 3',
      run: () => refused(bot(team()), { code: 3, sentence: notAccepted }, '7000000999:AAnobody'),
    },
    {
      title: 'C1 what is no token at all: 3, and it does not travel',
      run: async () => {
        await refused(bot(team()), { code: 3, sentence: notAccepted }, 'my password');
        const tokens = place.telegram.calls.map(({ request }) => request['bot_auth_token']);
        expect(tokens).to.include(DESK_TOKEN).and.not.to.include('my password');
      },
    },
    {
      title: 'C1 the desk bot itself: 2, and the session that was made is ended',
      run: async () => {
        const sentence = /^This bot serves the backend groups; a connection needs another one\. See /;
        await refused(bot(team()), { code: 2, sentence }, DESK_TOKEN);
      },
    },
    {
      title: 'C1 an input that ends before everything was answered: 2',
      run: () => refused(bot(team()), { code: 2, sentence: /^The input ended before .* See / }),
    },
    {
      title: 'C2 a wrong code: 3',
      run: async () => {
        const program = account('+4910000004');
        const code = await codeOf('4910000004');
        await refused(
          program,
          { code: 3, sentence: /^The login code is wrong / },
          String(99_999 - Number(code)),
        );
      },
    },
    {
      title: 'C2 a wrong password: 3',
      run: async () => {
        const program = account('+4910000005');
        program.type(await codeOf('4910000005'));
        const sentence = /^The two-step verification password is wrong; /;
        await refused(program, { code: 3, sentence }, 'my password');
      },
    },
    {
      title: 'C2 a phone number that is none: 3',
      run: () => refused(account('+12'), { code: 3, sentence: /phone number; write it with country code/ }),
    },
    {
      title: 'C2 O4 Ctrl-C while the code is awaited: 3',
      run: async () => {
        const program = account('+4910000001');
        await codeOf('4910000001');
        await until(() => program.stderr().includes('Login code: '), 'the question');
        program.kill('SIGINT');
        const sentence = /^The login was given up before it was finished; start it again\.$/;
        expectRefused(await program.ended, { code: 3, sentence });
      },
    },
    {
      title: 'T1 a group without topics: 6',
      run: () => {
        const sentence = /^The group -100\d+ has no topics; turn "Topics" on/;
        return refused(bot(marked(place.groups.flat)), { code: 6, sentence });
      },
    },
    {
      title: 'T1 a group where the desk bot has no rights: 6',
      run: () => {
        const sentence = /lacks rights in the group -100\d+; make it an administrator/;
        return refused(bot(marked(place.groups.powerless)), { code: 6, sentence });
      },
    },
    {
      title: 'T1 a group that the desk bot is not in: 6',
      run: () => {
        const sentence = /cannot see the group -100\d+; add it to the group/;
        return refused(bot(marked(place.groups.foreign)), { code: 6, sentence });
      },
    },
    {
      title: 'O3 a SERVICE_BOT_TOKEN that Telegram does not know: 3, also at the start',
      run: async () => {
        const wrong = place.env({ SERVICE_BOT_TOKEN: '7000000998:AAnobody' });
        const sentence =
          /^Telegram does not accept SERVICE_BOT_TOKEN; copy the token again from @BotFather\.$/;
        await refused(runCommand(['login', 'bot', '--group', team()], wrong), { code: 3, sentence });
        await refused(runGateway(wrong), { code: 3, sentence });
        expect(await rowsIn(wrong.DATA_DIR)).to.deep.equal({ connections: [], sessions: [] });
      },
    },
  ]);

  it('V1 after all of them nothing is stored but the session of the desk, and Telegram holds no other one', async () => {
    expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [], sessions: ['d7000000200'] });
    const { server, world } = place.telegram;
    const held = [...world.accounts.values()].flatMap(({ id, firstName }) =>
      server.authorisations(BigInt(id)).map(() => firstName),
    );
    expect(held).to.deep.equal(['Desk']);
  });
});
