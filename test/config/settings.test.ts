import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { variables, type VariableName } from '../../src/config/env.js';
import { readPlaceSettings, readSettings } from '../../src/config/settings.js';
import { GatewayError } from '../../src/domain/errors.js';

type Env = Partial<Record<VariableName | `${VariableName}_FILE`, string>>;

const key = (name: string) => `${name}:${randomBytes(32).toString('base64')}`;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('config/settings', () => {
  let directory = '';
  let complete: Env = {};
  let own: Env = {};

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'understudy-config-'));
    complete = {
      TELEGRAM_API_ID: '1234567',
      TELEGRAM_API_HASH: '0123456789abcdef0123456789abcdef',
      SERVICE_BOT_TOKEN: '123456789:AAExample-Example_Example',
      DATA_DIR: join(directory, 'data'),
    };
    own = {
      SERVICE_BOT_TOKEN: '7:service',
      DATA_DIR: join(directory, 'data'),
      TELEGRAM_SERVER: '127.0.0.1:4430',
      TELEGRAM_PUBLIC_KEY_FILE: file('key.pem', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })),
    };
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function file(name: string, content: string | Buffer): string {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  }

  /** The message of the refusal, which is always one sentence that says what to write. */
  function refusal(env: Env): string {
    try {
      readSettings(env);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      expect(error.code).to.equal('CONFIG_INVALID');
      expect(error.message).to.match(/^[^\n]+[^\n.]\.$/);
      return error.message;
    }
    throw new Error('it was accepted');
  }

  it('O1 the smallest environment runs embedded, on the production Telegram, as one process', () => {
    const { config, secrets } = readSettings(complete);
    expect(config).to.deep.equal({
      telegram: { server: 'production', apiId: 1234567 },
      botApiRoot: 'https://api.telegram.org',
      dataDir: join(directory, 'data'),
      store: { kind: 'embedded' },
      queue: { kind: 'memory' },
      processes: 'one',
      http: { kind: 'listen', host: '127.0.0.1', port: 8080 },
      logLevel: 'info',
    });
    expect(secrets).to.deep.include({
      apiHash: complete.TELEGRAM_API_HASH,
      serviceBotToken: complete.SERVICE_BOT_TOKEN,
      deskBotTokens: [],
    });
    expect(secrets.keys).to.have.length(1);
    expect(secrets).to.not.have.any.keys('mongodbUrl', 'redisUrl');
  });

  it('O1 every variable is heard', () => {
    const { config, secrets } = readSettings({
      ...own,
      TELEGRAM_API_ID: '12',
      TELEGRAM_API_HASH: 'anything',
      BOT_API_ROOT: 'http://127.0.0.1:8081/',
      DESK_BOT_TOKENS: '8:first, 9:second',
      DATA_DIR: 'elsewhere',
      MONGODB_URL: 'mongodb://me:p%40ss@a.example:27017,b.example/understudy?replicaSet=rs0',
      REDIS_URL: 'rediss://me:hunter2@redis.example:6380/2',
      SECRET_KEYS: `${key('new')},${key('old')}`,
      HTTP_LISTEN: '[::1]:0',
      LOG_LEVEL: 'debug',
    });
    expect(config).to.deep.equal({
      telegram: {
        server: 'custom',
        apiId: 12,
        host: '127.0.0.1',
        port: 4430,
        publicKeyPem: rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }),
      },
      botApiRoot: 'http://127.0.0.1:8081',
      dataDir: resolve('elsewhere'),
      store: { kind: 'mongodb', hosts: 'a.example:27017,b.example' },
      queue: { kind: 'redis', hosts: 'redis.example:6380' },
      processes: 'several',
      http: { kind: 'listen', host: '::1', port: 0 },
      logLevel: 'debug',
    });
    expect(secrets.deskBotTokens).to.deep.equal(['8:first', '9:second']);
    expect(secrets.keys.map(({ kid, bytes }) => [kid, bytes.length])).to.deep.equal([
      ['new', 32],
      ['old', 32],
    ]);
    expect([secrets.apiHash, secrets.redisUrl]).to.deep.equal([
      'anything',
      'rediss://me:hunter2@redis.example:6380/2',
    ]);
  });

  it('O2 a server of one’s own needs no application id and shows its tokens to no official Bot API', () => {
    const { config, secrets } = readSettings(own);
    expect(config.telegram).to.include({ server: 'custom', apiId: 1 });
    expect(secrets.apiHash).to.equal('local');
    expect(config).to.not.have.property('botApiRoot');
  });

  it('O1 MONGODB_URL without REDIS_URL, and REDIS_URL without MONGODB_URL, mean one process', () => {
    const mongodb = readSettings({ ...complete, MONGODB_URL: 'mongodb://m', SECRET_KEYS: key('k') });
    expect([mongodb.config.store.kind, mongodb.config.processes]).to.deep.equal(['mongodb', 'one']);
    const redis = readSettings({ ...complete, REDIS_URL: 'redis://r' });
    expect([redis.config.queue.kind, redis.config.processes]).to.deep.equal(['redis', 'one']);
  });

  it('O1 an empty variable counts as not given', () => {
    const empty = Object.fromEntries(variables.map(({ name }) => [name, '']));
    expect(readSettings({ ...empty, ...complete }).config.store).to.deep.equal({ kind: 'embedded' });
  });

  it('V1 every secret may come from a file, and no other variable does', () => {
    for (const { name, secret } of variables) {
      const value = complete[name];
      if (value === undefined || !secret) continue;
      const { [name]: _, ...rest } = complete;
      const { secrets } = readSettings({ ...rest, [`${name}_FILE`]: file(name, `${value}\n`) });
      expect(Object.values(secrets)).to.include(value);
    }
    expect(refusal({ ...complete, TELEGRAM_API_ID: '', TELEGRAM_API_ID_FILE: file('id', '12') })).to.match(
      /^TELEGRAM_API_ID is required/,
    );
  });

  it('V1 a secret given twice, or by a file that cannot be read, is refused', () => {
    expect(refusal({ ...complete, SERVICE_BOT_TOKEN_FILE: file('token', '1:a') })).to.equal(
      'SERVICE_BOT_TOKEN and SERVICE_BOT_TOKEN_FILE are both given; keep only SERVICE_BOT_TOKEN_FILE.',
    );
    expect(refusal({ ...complete, REDIS_URL_FILE: join(directory, 'none') })).to.match(
      /^REDIS_URL_FILE cannot be read \(ENOENT\); give .*, for example REDIS_URL_FILE=\/run\/secrets\/redis_url\.$/,
    );
  });

  it('O1 the store alone asks for nothing of Telegram', () => {
    expect(readPlaceSettings({ DATA_DIR: '/data' })).to.deep.equal({ dataDir: '/data', logLevel: 'info' });
  });

  describe('V5 bad input ends in one sentence with an example, and never repeats the value', () => {
    const bad: Record<VariableName, readonly string[]> = {
      TELEGRAM_API_ID: ['abc', '0', '-1', '1.5', '1e3', '2147483648', '99999999999'],
      TELEGRAM_API_HASH: ['abc', 'g'.repeat(32), '0'.repeat(33)],
      TELEGRAM_SERVER: ['prod', 'https://t.example', 'host', 'host:0', 'host:65536', ':443', 'a b:443'],
      TELEGRAM_PUBLIC_KEY_FILE: ['/nowhere/key.pem', '/etc/passwd', '/'],
      BOT_API_ROOT: ['api', 'ftp://a', 'http://me:hunter2@a', 'http://a/?b', 'http://a/#b'],
      SERVICE_BOT_TOKEN: ['abc', '0:abc', '1:', '1:a b', '1:a,2:b'],
      DESK_BOT_TOKENS: ['abc', '1:a,abc', '1:a,1:b', '7:again', '1:a b'],
      DATA_DIR: ['a\0b'],
      MONGODB_URL: ['localhost', 'http://m', 'mongodb://', 'mongodb://me:hun/ter2@m', 'mongodb://me:h@2@m'],
      REDIS_URL: ['localhost', 'http://r', 'redis://', 'redis://:hun/ter2@r', 'redis://r/name'],
      SECRET_KEYS: ['abc', 'k:AAAA', ':x', `${key('a')},`, `${key('a')},${key('a')}`, key('a.b')],
      HTTP_LISTEN: ['8080', 'on', 'host:', 'host:65536', 'http://host:1', '::1:80'],
      LOG_LEVEL: ['verbose', 'INFO', 'trace'],
    };
    for (const { name, expects, example } of variables) {
      it(name, () => {
        for (const value of bad[name]) {
          const base = name === 'TELEGRAM_API_HASH' ? complete : own;
          const message = refusal({ ...base, SECRET_KEYS: key('k'), [name]: value });
          expect(message, value).to.equal(`${name} must be ${expects}, for example ${name}=${example}.`);
        }
      });
    }

    it('V1 a key file that is private, or not RSA, is refused', () => {
      for (const pem of [
        rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }),
        ec.publicKey.export({ type: 'spki', format: 'pem' }),
      ]) {
        const message = refusal({ ...own, TELEGRAM_PUBLIC_KEY_FILE: file('bad.pem', pem) });
        expect(message).to.match(
          /^TELEGRAM_PUBLIC_KEY_FILE must be a readable PEM file with an RSA public key/,
        );
      }
    });
  });

  describe('V5 what is missing or contradicts itself is refused in plain words', () => {
    for (const name of ['TELEGRAM_API_ID', 'TELEGRAM_API_HASH'] as const) {
      it(`${name} is required with Telegram's own servers`, () => {
        expect(refusal({ ...complete, [name]: '', TELEGRAM_SERVER: 'test' })).to.match(
          new RegExp(`^${name} is required with TELEGRAM_SERVER=test; take it from .*, for example ${name}=`),
        );
      });
    }

    it('SERVICE_BOT_TOKEN is always required', () => {
      expect(refusal({ ...own, SERVICE_BOT_TOKEN: '' })).to.match(
        /^SERVICE_BOT_TOKEN is required; make a bot/,
      );
    });

    it('V1 SECRET_KEYS is required with MONGODB_URL', () => {
      expect(refusal({ ...complete, MONGODB_URL: 'mongodb://m' })).to.match(
        /^SECRET_KEYS is required with MONGODB_URL, because .*, for example SECRET_KEYS=k1:/,
      );
    });

    it('M1 an option of MONGODB_URL that would take reads or writes out of our hands is refused by its name, in any case', () => {
      const mongodb = (query: string): Env => ({
        ...complete,
        SECRET_KEYS: key('k'),
        MONGODB_URL: `mongodb+srv://me:p%40ss@m.example/understudy?replicaSet=rs0&${query}`,
      });
      for (const option of [
        'readPreference=secondaryPreferred',
        'readConcernLevel=available',
        'w=1',
        'journal=false',
        'j=false',
        'wtimeoutMS=100',
        'wtimeout=100',
        'retryWrites=false',
        'retryReads=false',
      ]) {
        const [name = ''] = option.split('=');
        const sentence = `MONGODB_URL must not set the option ${name}, which Understudy sets itself; delete it there, for example MONGODB_URL=mongodb://127.0.0.1:27017/understudy?replicaSet=rs0.`;
        expect(refusal(mongodb(option))).to.equal(sentence);
        expect(refusal(mongodb(`tls=true&${option.toLowerCase()}`))).to.equal(sentence);
      }
      // As hosted databases give their addresses.
      const { store } = readSettings(mongodb('retryWrites=true&w=majority&appName=Cluster0')).config;
      expect(store).to.deep.equal({ kind: 'mongodb', hosts: 'm.example' });
      expect(readSettings(mongodb('readPreference=primary&journal=true')).config.store).to.deep.equal(store);
    });

    it('a public key is required with a server of one’s own, and refused without one', () => {
      expect(refusal({ ...own, TELEGRAM_PUBLIC_KEY_FILE: '' })).to.match(
        /^TELEGRAM_PUBLIC_KEY_FILE is required with TELEGRAM_SERVER=host:port/,
      );
      expect(refusal({ ...own, TELEGRAM_SERVER: '' })).to.match(
        /^TELEGRAM_SERVER is production, whose keys are built in, but TELEGRAM_PUBLIC_KEY_FILE is given/,
      );
    });
  });
});
