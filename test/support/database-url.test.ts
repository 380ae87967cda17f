import { expect } from 'chai';
import { databaseUrl } from './database-url.js';

describe('the URL of another database', () => {
  it('keeps hosts, options and the place of the user', () => {
    expect(databaseUrl('mongodb://127.0.0.1:1/?replicaSet=rs0', 'x')).to.equal(
      'mongodb://127.0.0.1:1/x?replicaSet=rs0',
    );
    expect(databaseUrl('mongodb://a:1,b:2', 'x')).to.equal('mongodb://a:1,b:2/x');
    expect(databaseUrl('mongodb+srv://u:p@h/main?w=1', 'x')).to.equal(
      'mongodb+srv://u:p@h/x?w=1&authSource=main',
    );
    expect(databaseUrl('mongodb://u:p@h:1/?authSource=other', 'x')).to.equal(
      'mongodb://u:p@h:1/x?authSource=other',
    );
    expect(databaseUrl('mongodb://u:p@h:1', 'x')).to.equal('mongodb://u:p@h:1/x?authSource=admin');
  });
});
