import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { besideOneAnother, expectRefused } from './endings.js';
import { secretKey, SHOP_TOKEN, type Place } from './place.js';
import { runCommand, runGateway } from './process.js';
import { withPlace } from './with-place.js';

describe('A command line or variable that is wrong ends with code 2 and one sentence that shows the way out', function () {
  this.timeout(60_000);
  let place: Place;
  withPlace('once', (opened) => (place = opened));

  const lines: [wrong: string, args: string[], sentence: RegExp][] = [
    [
      'an unknown command',
      ['conections'],
      /^Unknown command 'conections' \(Did you mean connections\?\)\. See /,
    ],
    [
      'an unknown option',
      ['login', 'bot', '--group', '-1', '--grop', '-1'],
      /^Unknown option '--grop' .*--group.* See `npm run/,
    ],
    ['a missing option', ['login', 'bot'], /^Required option '--group <id>' not specified\. See `npm run/],
    ['a missing id', ['logout'], /^Missing required argument 'id'\. See `npm run/],
    [
      'two ways to log in',
      ['login', 'account', '--group', '-1', '--qr', '--phone', '1'],
      /^Option '--qr' cannot/,
    ],
    ['a token as an argument, which is not repeated', ['login', SHOP_TOKEN], /^Unknown command '…'\. See/],
    [
      'a group id of another kind',
      ['login', 'bot', '--group', '-4711'],
      /^A group id looks like -100\d+;.* See/,
    ],
    [
      'a listening address that is not loopback',
      ['store', '--listen', '0.0.0.0:1'],
      /loopback only;.*127\.0\.0\.1/,
    ],
  ];
  const variables: [name: string, value: string, sentence: RegExp][] = [
    ['SERVICE_BOT_TOKEN', '', /^SERVICE_BOT_TOKEN is required; .* for example SERVICE_BOT_TOKEN=/],
    [
      'SERVICE_BOT_TOKEN',
      'my password',
      /^SERVICE_BOT_TOKEN must be one bot token from @BotFather, for example/,
    ],
    ['TELEGRAM_PUBLIC_KEY_FILE', '/nowhere.pem', /^TELEGRAM_PUBLIC_KEY_FILE must be a readable PEM file/],
    ['MONGODB_URL', 'mongodb://u:db-password@h/x', /^SECRET_KEYS is required with MONGODB_URL/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL must be error, warn, info or debug, for example/],
    ['SERVICE_BOT_TOKEN_FILE', '/nowhere', /^SERVICE_BOT_TOKEN and SERVICE_BOT_TOKEN_FILE are both given/],
  ];

  besideOneAnother([
    ...lines.map(([wrong, args, sentence]) => ({
      title: `O3 ${wrong}`,
      run: async () => expectRefused(await runCommand(args, place.env()).ended, { code: 2, sentence }),
    })),
    ...variables.map(([name, value, sentence]) => ({
      title: `O3 V1 ${name}=${value}`,
      run: async () => {
        const env = place.env({ [name]: value });
        expectRefused(await runGateway(env).ended, { code: 2, sentence });
        expect(existsSync(env.DATA_DIR), 'a directory was made').to.equal(false);
      },
    })),
    {
      title: 'O3 DATA_DIR below a file, without and with SECRET_KEYS',
      run: async () => {
        const { DATA_DIR: file } = place.env();
        writeFileSync(file, '');
        const env = place.env({ DATA_DIR: join(file, 'data') });
        const sentence = /DATA_DIR.*for example DATA_DIR=\.\/sessions/;
        expectRefused(await runCommand(['connections'], env).ended, { code: 2, sentence });
        const keyed = { ...env, SECRET_KEYS: secretKey() };
        expectRefused(await runGateway(keyed).ended, { code: 2, sentence });
      },
    },
    {
      title: 'O3 a listening port that is taken',
      run: async () => {
        const sentence = /^Nothing can listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\); give another port.* See /;
        const program = runCommand(['store', '--listen', place.server], place.env());
        expectRefused(await program.ended, { code: 2, sentence });
      },
    },
    {
      title: 'O3 DATA_DIR that belongs to somebody else',
      run: async () => {
        const env = place.env({ SECRET_KEYS: secretKey(), DATA_DIR: '/proc/self' });
        const sentence = /^DATA_DIR .* cannot be used \(E\w+\); .*DATA_DIR=/;
        expectRefused(await runCommand(['connections'], env).ended, { code: 2, sentence });
      },
    },
  ]);
});
