import { CommandError } from '../errors.js';
import { withIdFirst } from '../update/apply.js';
import { collectionName, type Command } from './call.js';
import { eachStatement, writeAnswer } from './statements.js';

export const insert: Command = {
  kind: 'write',
  page: 'insert',
  fields: ['insert', 'documents', 'ordered'],
  run: (call, { store }) => {
    const name = collectionName(call);
    let n = 0;
    const errors = eachStatement(call, 'documents', (document) => {
      for (const field of document.keys()) {
        if (field.startsWith('$'))
          throw new CommandError(52, `The field name '${field}' is not valid for storage`);
      }
      store.insert(call.database, name, withIdFirst(document));
      n++;
    });
    return writeAnswer(n, {}, errors);
  },
};
