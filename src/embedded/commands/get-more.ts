import { CommandError } from '../errors.js';
import { fields } from '../bson/value.js';
import { collectionName, countField, type Command } from './call.js';

export const getMore: Command = {
  kind: 'read',
  page: 'getMore',
  fields: ['getMore', 'collection', 'batchSize'],
  run: (call, parts) => {
    const id = call.body.get('getMore');
    if (typeof id !== 'bigint') throw new CommandError(14, "BSON field 'getMore' must be a 64-bit cursor id");
    const namespace = `${call.database}.${collectionName(call, 'collection')}`;
    return parts.cursors.more(id, namespace, countField(call.body, 'batchSize'));
  },
};

export const killCursors: Command = {
  kind: 'read',
  page: 'killCursors',
  fields: ['killCursors', 'cursors'],
  run: (call, parts) => {
    const ids = call.body.get('cursors');
    if (!Array.isArray(ids)) throw new CommandError(14, "BSON field 'cursors' must be an array");
    const cursorsKilled = ids.filter((id) => typeof id === 'bigint' && parts.cursors.kill(id));
    const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
    return fields({ cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] });
  },
};
