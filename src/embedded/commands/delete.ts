import { CommandError } from '../errors.js';
import { parseFilter } from '../query/parse.js';
import { ordered, slice, unpaced } from '../query/stream.js';
import { collectionName, countField, docOrEmpty, type Command } from './call.js';
import { eachStatement, writeAnswer } from './statements.js';

export const deleteCommand: Command = {
  kind: 'write',
  page: 'delete',
  fields: ['delete', 'deletes', 'ordered'],
  statements: { field: 'deletes', fields: ['q', 'limit'], required: ['q', 'limit'] },
  run: (call, { store }) => {
    const name = collectionName(call);
    let n = 0;
    const errors = eachStatement(call, 'deletes', (statement) => {
      const filter = parseFilter(docOrEmpty(statement, 'q'));
      const limit = countField(statement, 'limit');
      if (limit !== 0 && limit !== 1)
        throw new CommandError(9, 'The limit field in delete objects must be 0 or 1');
      const collection = store.catalog.find(call.database, name);
      if (!collection) return;
      const most = limit === 0 ? Infinity : limit;
      for (const { record, bytes } of [
        ...unpaced(slice(ordered(store, collection, filter, [], most), 0, most)),
      ]) {
        store.remove(collection, record, bytes);
        n++;
      }
    });
    return writeAnswer(n, {}, errors);
  },
};
