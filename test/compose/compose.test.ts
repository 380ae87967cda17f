import { expect } from 'chai';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { readRoles } from '../../src/app/roles.js';
import { variables as known } from '../../src/config/env.js';
import { readSettings } from '../../src/config/settings.js';
import { scratchDirectory } from '../support/scratch.js';
import { gatewaysOf, readCompose, root, secondsOf, serviceOf } from './compose-file.js';
import { copiedFromContext, imageEnv, readDockerfile, textsOf } from './dockerfile.js';
import { deploymentOfThePages } from './pages.js';
import { secretFilesIn, writeSecrets } from './secrets.js';

const compose = readCompose({ TELEGRAM_API_ID: '1234567' });
const gateways = Object.entries(gatewaysOf(compose));
const services = Object.entries(compose.services);
const mongodb = serviceOf(compose, 'mongodb');
const redis = serviceOf(compose, 'redis');
const stages = readDockerfile();
const image = stages.at(-1);

/** A graceful stop of the gateway (runtime/scope.ts), s. */
const stopsWithin = 25;

const linesOf = (file: string): string[] =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('docker-compose.yml', () => {
  it('O1 C6 runs two gateways of one image, which differ in nothing and do everything', () => {
    expect(gateways.map(([name]) => name)).to.deep.equal(['gateway-1', 'gateway-2']);
    const [first, second] = gateways.map(([, service]) => ({ ...service, build: undefined }));
    expect(second).to.deep.equal(first);
    // Two builds of one tag at once get in each other's way.
    expect(gateways.filter(([, service]) => service['build'] !== undefined)).to.have.lengthOf(1);
    const [node, file, ...args] = first?.command ?? [];
    expect([node, file]).to.deep.equal(['node', 'dist/main.js']);
    const roles = readRoles(args, { processes: 'several', http: { kind: 'off' } });
    expect([...roles]).to.have.members(['sessions', 'workers', 'http']);
  });

  it('O1 gives a gateway variables that it knows and accepts: MongoDB, Redis, several processes', () => {
    const directory = scratchDirectory();
    writeSecrets(join(directory, 'secrets'));
    try {
      for (const [name, { environment = {} }] of gateways) {
        const names = known.flatMap((variable) => [
          variable.name,
          ...(variable.secret ? [`${variable.name}_FILE`] : []),
        ]);
        expect(names, name).to.include.members(Object.keys(environment));
        const { config } = readSettings(
          secretFilesIn(join(directory, 'secrets'), { ...imageEnv(), ...environment }),
        );
        expect(config).to.deep.include({
          processes: 'several',
          store: { kind: 'mongodb', hosts: 'mongodb:27017' },
          queue: { kind: 'redis', hosts: 'redis:6379' },
          http: { kind: 'listen', host: '0.0.0.0', port: 8080 },
        });
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('V1 holds no secret: each is a file of its own, which neither git nor an image takes', () => {
    const secret: string[] = known.filter((variable) => variable.secret).map(({ name }) => name);
    for (const [, { environment = {}, secrets = [] }] of gateways) {
      const given = Object.entries(environment).filter(([name]) =>
        secret.includes(name.replace(/_FILE$/, '')),
      );
      // Addresses are secret because they may hold a password.
      const [files, addresses] = [true, false].map((isFile) =>
        given.filter(([name]) => name.endsWith('_FILE') === isFile),
      );
      expect(addresses?.map(([name]) => name)).to.have.members(['MONGODB_URL', 'REDIS_URL']);
      for (const [, value] of addresses ?? [])
        expect(new URL(value)).to.include({ username: '', password: '' });
      expect(files?.map(([, path]) => path)).to.have.members(secrets.map((name) => `/run/secrets/${name}`));
      expect(files).to.have.lengthOf(3);
      for (const name of secrets) expect(compose.secrets[name]?.file).to.equal(`./secrets/${name}`);
    }
    expect(linesOf('.gitignore')).to.include.members(['secrets/', '.env']);
    const [everything, ...allowed] = linesOf('.dockerignore');
    expect(everything).to.equal('*');
    expect(allowed.map((line) => line.replace(/^!/, ''))).to.have.members(copiedFromContext());
  });

  it('O4 asks the health of each service, gives it time to stop, brings it back, and keeps what it knows', () => {
    for (const [name, service] of services) {
      expect(service.healthcheck.test.length, name).to.be.above(1);
      expect(service.restart, name).to.equal('unless-stopped');
      expect(secondsOf(service.stop_grace_period), name).to.be.at.least(stopsWithin + 5);
      for (const volume of service.volumes)
        expect(compose.volumes, name).to.have.property(volume.split(':')[0] ?? '');
    }
    for (const [, { depends_on = {} }] of gateways)
      expect(depends_on).to.deep.equal({
        mongodb: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
    expect(mongodb.volumes).to.deep.equal(['mongodb:/data/db']);
    expect(redis.volumes).to.deep.equal(['redis:/data']);
  });

  it('O1 runs MongoDB as the replica set that the gateways name, made by its health check', () => {
    const url = new URL(gateways[0]?.[1].environment?.['MONGODB_URL'] ?? '');
    const set = url.searchParams.get('replicaSet');
    expect(mongodb.command.slice(0, 3)).to.deep.equal(['mongod', '--replSet', set]);
    expect(mongodb.healthcheck.test.slice(0, -1)).to.deep.equal(['CMD', 'mongosh', '--quiet', '--eval']);
    const script = mongodb.healthcheck.test.at(-1) ?? '';
    // No mongosh is here: the script runs against what it would find, at the first start and later.
    const asked = (isWritablePrimary: boolean, status: () => unknown): unknown[] => {
      const calls: unknown[] = [];
      const rs = { status, initiate: (set: unknown) => void calls.push(set) };
      const db = { hello: () => ({ isWritablePrimary }) };
      runInNewContext(script, { rs, db, quit: (code: number) => void calls.push(code) });
      return JSON.parse(JSON.stringify(calls)) as unknown[];
    };
    const none = (): never => {
      throw new Error('no replset config has been received');
    };
    expect(asked(false, none)).to.deep.equal([{ _id: set, members: [{ _id: 0, host: url.host }] }, 1]);
    expect(asked(false, () => ({ ok: 1 }))).to.deep.equal([1]);
    expect(asked(true, () => ({ ok: 1 }))).to.deep.equal([]);
  });

  it('O1 runs a Redis that evicts nothing and appends every write', () => {
    const [program, ...args] = redis.command;
    expect(program).to.equal('redis-server');
    const settings = Object.fromEntries(
      args.flatMap((word, at) => (word.startsWith('--') ? [[word, args[at + 1]]] : [])),
    );
    expect(settings).to.deep.equal({ '--appendonly': 'yes', '--maxmemory-policy': 'noeviction' });
  });

  it('V1 publishes nothing, and lets only the gateways out', () => {
    for (const [name, service] of services) {
      expect(service, name).not.to.have.any.keys('ports', 'privileged', 'network_mode', 'user');
      expect(service.networks, name).to.include('data');
    }
    expect(compose.networks['data']).to.deep.equal({ internal: true });
    expect(services.filter(([, { networks }]) => networks.includes('outside'))).to.deep.equal(gateways);
  });
});

describe('Dockerfile', () => {
  it('V1 runs as `node` on what is compiled, with the libraries of production, and may be read-only', () => {
    for (const { base } of stages)
      expect(Number(/^node:(\d+)-slim$/.exec(base)?.[1]) % 2, `${base} is no LTS`).to.equal(0);
    expect(image?.instructions.slice(-4).map(({ name }) => name)).to.deep.equal([
      'EXPOSE',
      'USER',
      'HEALTHCHECK',
      'CMD',
    ]);
    expect(textsOf(image, 'USER')).to.deep.equal(['node']);
    const [build, libraries] = ['build', 'libraries'].map((name) =>
      stages.find((stage) => stage.name === name),
    );
    expect(textsOf(build, 'RUN').join()).to.match(/npm ci .*npm run build$/);
    expect(textsOf(libraries, 'RUN').join()).to.match(/^npm ci --omit=dev /);
    expect(textsOf(image, 'COPY')).to.deep.equal([
      '--from=libraries /libraries/node_modules ./node_modules',
      'package.json ./',
      '--from=build /build/dist ./dist',
    ]);
    for (const [, service] of gateways)
      expect(service).to.deep.include({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
  });

  it('O4 asks liveness with Node alone, where the compose file asks readiness in the same words', () => {
    const [text = ''] = textsOf(image, 'HEALTHCHECK');
    const own = JSON.parse(text.slice(text.indexOf('['))) as string[];
    expect(own.slice(0, 2)).to.deep.equal(['node', '-e']);
    const asReadiness = ['CMD', ...own.map((word) => word.replace('/healthz', '/readyz'))];
    expect(own.join()).to.include('/healthz');
    for (const [, service] of gateways) expect(service.healthcheck.test).to.deep.equal(asReadiness);
  });

  it('O4 the Deployment in docs/operations.md gives it variables that it knows, a number for its user, and time to stop', () => {
    const { terminationGracePeriodSeconds, securityContext, containers } =
      deploymentOfThePages().spec.template.spec;
    expect(terminationGracePeriodSeconds).to.be.at.least(stopsWithin + 5);
    expect(securityContext).to.include({ runAsNonRoot: true, runAsUser: 1000 });
    const names = known.flatMap(({ name, secret }) => (secret ? [`${name}_FILE`] : [name]));
    expect(names).to.include.members(containers[0]?.env.map(({ name }) => name) ?? ['none']);
    expect(containers[0]?.args).to.deep.equal(gateways[0]?.[1].command);
  });
});
