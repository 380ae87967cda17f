import { arch, hostname, platform } from 'node:os';
import { Int32 } from 'bson';
import { fields, type Doc, type Value } from '../bson/value.js';
import { maxDocumentBytes } from '../bson/encode.js';
import { CommandError } from '../errors.js';
import { flagField, type Call, type Command } from './call.js';
import { maxStatements } from './statements.js';

/** MongoDB's limit on one message, in bytes. */
export const maxMessageBytes = 48_000_000;
/** The version whose manual the subset follows. */
const version = '7.0.0';

/** A one-member replica set, so that drivers retry writes; it names the address that was dialled. */
export const hello: Command = {
  kind: 'read',
  page: 'hello',
  // What a client says about itself changes nothing here.
  fields: ['*'],
  run: (call, { now }) =>
    fields({
      isWritablePrimary: true,
      ismaster: true,
      secondary: false,
      helloOk: true,
      setName: 'understudy',
      setVersion: new Int32(1),
      hosts: [call.address],
      primary: call.address,
      me: call.address,
      maxBsonObjectSize: new Int32(maxDocumentBytes),
      maxMessageSizeBytes: new Int32(maxMessageBytes),
      maxWriteBatchSize: new Int32(maxStatements),
      localTime: now(),
      logicalSessionTimeoutMinutes: new Int32(30),
      minWireVersion: new Int32(0),
      maxWireVersion: new Int32(21),
      readOnly: false,
    }),
};

export const ping = plain('ping', ['ping'], () => new Map());

/** Nothing is held for a session: retryable writes are forgotten by age. */
export const endSessions = plain('endSessions', ['endSessions'], () => new Map());

export const buildInfo = plain('buildInfo', ['buildInfo'], () =>
  fields({
    version,
    versionArray: version
      .split('.')
      .map((part) => new Int32(Number(part)))
      .concat(new Int32(0)),
    gitVersion: 'understudy',
    modules: [],
    bits: new Int32(64),
    debug: false,
    maxBsonObjectSize: new Int32(maxDocumentBytes),
    storageEngines: ['lmdb'],
  }),
);

export const connectionStatus = plain(
  'connectionStatus',
  ['connectionStatus', 'showPrivileges'],
  ({ body }) => {
    const nobody = fields({ authenticatedUsers: [], authenticatedUserRoles: [] });
    if (flagField(body, 'showPrivileges')) nobody.set('authenticatedUserPrivileges', []);
    return fields({ authInfo: nobody });
  },
);

export const hostInfo = plain('hostInfo', ['hostInfo'], () =>
  fields({
    system: fields({ hostname: hostname(), cpuArch: arch() }),
    os: fields({ type: platform() }),
    extra: new Map(),
  }),
);

export const getParameter = plain('getParameter', ['getParameter', 'featureCompatibilityVersion'], (call) => {
  const all = call.body.get('getParameter') === '*';
  if (!all && call.body.get('featureCompatibilityVersion') === undefined)
    throw new CommandError(72, 'no option found to get');
  return fields({ featureCompatibilityVersion: fields({ version: '7.0' }) });
});

function plain(page: string, allowed: string[], run: (call: Call) => Map<string, Value>): Command {
  return { kind: 'read', page, fields: allowed, run: (call): Doc => run(call) };
}
