import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { besideOneAnother, expectClean, expectRefused } from './endings.js';
import { marked, rowsIn, secretKey, type Place } from './place.js';
import { runCommand, runGateway, type Env, type Program } from './process.js';
import { withPlace } from './with-place.js';

/** Nobody listens there. */
const closed = '127.0.0.1:1';

/** "About half a minute", from the first connection on: how long a busy machine takes to start a process says nothing. */
const patienceMs = 25_000;

describe('A service that cannot be reached ends with code 4 and one sentence, within half a minute', function () {
  this.timeout(120_000);
  let place: Place;
  withPlace('once', (opened) => (place = opened));

  const loginArgs = () => ['login', 'bot', '--group', marked(place.groups.team)];

  async function unreachable(program: Program, sentence: RegExp): Promise<void> {
    expectRefused(await program.ended, { code: 4, sentence });
  }

  const telegram = /^Telegram cannot be reached \([^)]*\); check the network and TELEGRAM_SERVER\.$/;
  const mongodb = (): Env => ({
    MONGODB_URL: `mongodb://u:db-password@${closed}/understudy`,
    SECRET_KEYS: secretKey(),
  });

  besideOneAnother(
    [
      {
        title: 'O3 Telegram at a closed port, at a login: nothing is stored',
        run: async () => {
          const env = place.env({ TELEGRAM_SERVER: closed });
          await unreachable(runCommand(loginArgs(), env), telegram);
          expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [], sessions: [] });
        },
      },
      {
        title: 'O1 Telegram at a closed port, at the first start: nothing is stored',
        run: async () => {
          const env = place.env({ TELEGRAM_SERVER: closed });
          await unreachable(runGateway(env), telegram);
          expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [], sessions: [] });
        },
      },
      {
        title: 'O3 a Telegram that takes the connection and says nothing, at a login',
        run: async () => {
          const silent = await openSilentServer();
          const program = runCommand(loginArgs(), place.env({ TELEGRAM_SERVER: addressOf(silent) }));
          await new Promise((resolve) => silent.once('connection', resolve));
          const asked = Date.now();
          await unreachable(program, telegram);
          expect(Date.now() - asked).to.be.below(patienceMs);
          silent.close();
        },
      },
      {
        title: 'O3 a Telegram that does not hold the key of TELEGRAM_PUBLIC_KEY_FILE, at a login',
        run: async () => {
          const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
          const { DATA_DIR } = place.env();
          const file = `${DATA_DIR}.pem`;
          writeFileSync(file, publicKey.export({ type: 'pkcs1', format: 'pem' }));
          await unreachable(runCommand(loginArgs(), place.env({ TELEGRAM_PUBLIC_KEY_FILE: file })), telegram);
        },
      },
      {
        title: 'O3 MongoDB at a closed port, at a login, without its password in the sentence',
        run: () =>
          unreachable(runCommand(loginArgs(), place.env(mongodb())), /^MongoDB cannot be reached \(127/),
      },
      {
        title: 'O1 MongoDB at a closed port, at the start',
        run: () => unreachable(runGateway(place.env(mongodb())), /^MongoDB cannot be reached .*MONGODB_URL/),
      },
      {
        title: 'O1 Redis at a closed port, at the start',
        run: async () => {
          const env = place.env({ REDIS_URL: `redis://u:db-password@${closed}` });
          await unreachable(runGateway(env), /^Redis cannot be reached \(127.*\); check REDIS_URL/);
          expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [], sessions: [] });
        },
      },
      {
        title: 'O3 doctor tells each failing check with its way out and goes on',
        run: async () => {
          const changes = { REDIS_URL: `redis://${closed}`, TELEGRAM_SERVER: closed };
          const ended = await runCommand(['doctor'], place.env(changes)).ended;
          expect(ended.code).to.equal(4);
          expectClean(ended.stderr);
          const lines = ended.stderr.trim().split('\n');
          expect(lines.map((line) => line.split(':')[0])).to.deep.equal([
            '✓ Node.js',
            '✓ data directory',
            '✓ disk',
            '✓ HTTP',
            '✗ Redis',
            '✓ store',
            '✓ indexes',
            '✓ store size',
            '✗ Telegram',
          ]);
          for (const variable of ['REDIS_URL', 'TELEGRAM_SERVER'])
            expect(ended.stderr).to.match(new RegExp(`cannot be reached .*${variable}`));
          expect(JSON.parse(ended.stdout)).to.deep.equal({
            healthy: false,
            checks: 9,
            failed: ['REDIS_UNREACHABLE', 'TELEGRAM_UNREACHABLE'],
            warnings: [],
          });
        },
      },
      {
        title: 'O4 SIGTERM while the first start waits for Telegram ends it at once, with code 0',
        run: async () => {
          const own = await openSilentServer();
          const program = runGateway(place.env({ TELEGRAM_SERVER: addressOf(own) }));
          await new Promise((resolve) => own.once('connection', resolve));
          const asked = Date.now();
          program.kill('SIGTERM');
          const { code, stdout, stderr } = await program.ended;
          own.close();
          expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: '', stderr: '' });
          expect(Date.now() - asked).to.be.below(5_000);
        },
      },
    ],
    9,
  );
});

/** Takes connections and never says a word. */
async function openSilentServer(): Promise<Server> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
