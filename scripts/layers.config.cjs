/** Two tables drive every rule: what a layer may import, and which folders are a library's home. */
const LAYERS = {
  domain: ['domain'],
  ports: ['ports', 'domain'],
  flows: ['flows', 'ports', 'domain'],
  telegram: ['telegram', 'ports', 'domain'],
  queue: ['queue', 'ports', 'domain'],
  mongo: ['mongo', 'ports', 'domain'],
  embedded: ['embedded', 'ports', 'domain'],
  runtime: ['runtime', 'ports', 'domain'],
  config: ['config', 'domain'],
  http: ['http', 'flows', 'ports', 'domain'],
};

const HOMES = {
  telegram: ['src/telegram/link/'],
  'big-integer': ['src/telegram/link/'],
  '@mtcute/tl': ['src/telegram/'],
  '@mtcute/tl-runtime': ['src/telegram/'],
  '@mtcute/wasm': ['src/telegram/'],
  long: ['src/telegram/'],
  mongodb: ['src/mongo/'],
  bullmq: ['src/queue/'],
  ioredis: ['src/queue/'],
  lmdb: ['src/embedded/'],
  bson: ['src/embedded/'],
  winston: ['src/runtime/'],
  zod: ['src/config/', 'src/http/'],
  commander: ['src/cli'],
  uqr: ['src/cli'],
  fastify: ['src/http/'],
  '@platformatic/prom-client': ['src/http/'],
  grammy: ['src/setup-bot/'],
};

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  severity: 'error',
  comment: `src/${layer} imports only: ${allowed.join(', ')}`,
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
}));

const homeRules = Object.entries(HOMES).map(([library, homes]) => ({
  name: `home-${library}`,
  severity: 'error',
  comment: `${library} lives in ${homes.join(', ')}`,
  from: { path: '^src/', pathNot: `^(${homes.join('|')})` },
  to: { path: `^node_modules/${library}/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain/ and ports/ know no library and no platform',
      from: { path: '^src/(domain|ports)/' },
      to: { dependencyTypesNot: ['local'] },
    },
    {
      name: 'emulator-stands-alone',
      severity: 'error',
      comment: 'the local Telegram contains no knowledge of the gateway',
      from: { path: '^test/emulator/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/' },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    ...layerRules,
    ...homeRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
