import { expect } from 'chai';
import { multipart } from './multipart.js';

describe('Bot API: multipart bodies', () => {
  it('O2 bytes that look like boundaries and line ends stay as they are', async () => {
    const bytes = Buffer.from('\r\n--x\r\n\0\xff--\r\n', 'latin1');
    const form = new FormData();
    form.set('chat_id', '5');
    form.set('photo', new Blob([bytes], { type: 'image/png' }), 'ü "1".png');
    form.set('empty', '');
    const response = new Response(form);
    const body = Buffer.from(await response.arrayBuffer());
    const parts = multipart(response.headers.get('content-type') ?? '', body);
    expect(parts.map(({ name, filename, mimeType }) => ({ name, filename, mimeType }))).to.deep.equal([
      { name: 'chat_id', filename: undefined, mimeType: undefined },
      { name: 'photo', filename: 'ü "1".png', mimeType: 'image/png' },
      { name: 'empty', filename: undefined, mimeType: undefined },
    ]);
    expect(parts[1]?.bytes.equals(bytes)).to.equal(true);
    expect(parts[2]?.bytes.length).to.equal(0);
  });

  it('O2 file names without quotes are read', () => {
    const body = Buffer.from(
      '--b\r\ncontent-disposition:form-data;name="x";filename=a b.txt\r\n\r\nhello\r\n--b--\r\n',
    );
    expect(multipart('multipart/form-data; boundary="b"', body)).to.deep.equal([
      { name: 'x', filename: 'a b.txt', bytes: Buffer.from('hello') },
    ]);
  });

  it('O2 a body that is cut off is refused', () => {
    expect(() => multipart('multipart/form-data; boundary=b', Buffer.from('--b\r\nx'))).to.throw('no end');
    expect(() => multipart('multipart/form-data', Buffer.alloc(0))).to.throw('no boundary');
  });
});
