/** Fields that every command takes, because drivers send them. A value that this store does not keep to is refused, like any field. */

import { CommandError } from '../errors.js';
import { numberOf } from '../bson/value.js';
import { countField, docOrEmpty, flagField, onlyFields, type Call, type Command } from './call.js';

type Check = (call: Call, command: Command) => void;

/** Writes that a driver may send a second time. */
const retryable = ['insert', 'update', 'delete', 'findAndModify'];
const modes = ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'];

const checks: Readonly<Record<string, Check>> = {
  // Read before the command is.
  $db: () => undefined,
  lsid: ({ body }) => onlyFields(docOrEmpty(body, 'lsid'), 'lsid', ['id']),
  txnNumber: ({ name }) => {
    if (!retryable.includes(name)) throw unsupported(`${name}.txnNumber`);
  },
  $clusterTime: ({ body }) => void docOrEmpty(body, '$clusterTime'),
  // The only member is the primary and the nearest; tags and staleness are for those who choose among several.
  $readPreference: ({ body }) => {
    const mode = docOrEmpty(body, '$readPreference').get('mode');
    if (typeof mode !== 'string' || !modes.includes(mode)) throw unsupported('$readPreference.mode');
  },
  readConcern: ({ body }) => {
    const concern = docOrEmpty(body, 'readConcern');
    onlyFields(concern, 'readConcern', ['level']);
    const level = concern.get('level') ?? 'local';
    if (level !== 'local' && level !== 'available' && level !== 'majority')
      throw unsupported('readConcern.level');
  },
  writeConcern: ({ body }) => {
    const concern = docOrEmpty(body, 'writeConcern');
    onlyFields(concern, 'writeConcern', ['w', 'j', 'wtimeout']);
    const w = concern.get('w') ?? 1;
    if (w !== 'majority' && numberOf(w) !== 0 && numberOf(w) !== 1) throw unsupported('writeConcern.w');
    flagField(concern, 'j');
    countField(concern, 'wtimeout');
  },
  // A write runs inside a transaction without a break, and a cursor goes on with the time of its batch.
  maxTimeMS: ({ name, body }, { kind }) => {
    const milliseconds = countField(body, 'maxTimeMS') ?? 0;
    if (milliseconds > 0 && (kind === 'write' || name === 'getMore')) throw unsupported(`${name}.maxTimeMS`);
  },
  comment: () => undefined,
  apiVersion: ({ body }) => {
    if (body.get('apiVersion') !== '1') throw unsupported('apiVersion');
  },
};

export const generalFields: readonly string[] = Object.keys(checks);

/** Whether a field is one of these. @throws CommandError 9, 14, 2 for a value that nobody keeps to */
export function takesGeneral(field: string, call: Call, command: Command): boolean {
  if (!Object.hasOwn(checks, field)) return false;
  checks[field]?.(call, command);
  return true;
}

function unsupported(what: string): CommandError {
  return new CommandError(9, `This value of '${what}' is not supported by this store`);
}
