import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { __tlReaderMap as readers } from '@mtcute/tl/binary/reader.js';
import { __tlWriterMap as writers } from '@mtcute/tl/binary/writer.js';
import { TlBinaryReader, TlBinaryWriter } from '@mtcute/tl-runtime';
import { expect } from 'chai';
import Long from 'long';
import { BinaryReader } from 'telegram/extensions/BinaryReader.js';
import type { Tl, TlValue } from '../types.js';
import { Reader, TlError, Writer } from './bytes.js';
import { Codec, isTl } from './codec.js';
import { Layers } from './layers.js';
import { parseJson, parseTl, type Combinator } from './parse.js';
import { Samples } from './samples.js';

const require = createRequire(import.meta.url);
const json223 = readFileSync(require.resolve('@mtcute/tl/api-schema.json'), 'utf8');
const raw223 = JSON.parse(json223) as { e: { name: string; arguments: { name: string; type: string }[] }[] };
const typesOf = new Map(
  raw223.e.map((line) => [line.name, new Map(line.arguments.map(({ name, type }) => [name, type]))]),
);
const lines198 = parseTl(require('telegram/tl/apiTl.js') as string);
const lines223 = parseJson(json223);

/** Constructors, and methods that wrap no other. */
const concrete = (lines: readonly Combinator[]): Combinator[] =>
  lines.filter(({ fields, name }) => name !== 'error' && !fields.some(({ type }) => type === '!X'));

const write = (codec: Codec, object: Tl): Buffer => {
  const to = new Writer();
  codec.write(to, object);
  return to.done();
};

const camel = (name: string): string =>
  name === '_' ? name : name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** As mtcute wants it: camelCase, and a number where its schema says int53. */
const forMtcute = (value: TlValue, type = ''): unknown => {
  if (typeof value === 'bigint') return type === 'int53' ? Number(value) : Long.fromBigInt(value);
  if (Array.isArray(value)) return value.map((one) => forMtcute(one, type));
  if (!isTl(value)) return value;
  const types = typesOf.get(value._);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [camel(name), forMtcute(field, types?.get(name))]),
  );
};

describe('the codec', () => {
  it('O2 every constructor and method of layer 198 has the bytes of GramJS', () => {
    const codec = new Codec(lines198);
    const samples = new Samples(lines198, 198);
    for (const line of concrete(lines198)) {
      const object = samples.object(line);
      const bytes = write(codec, object);
      const theirs = new BinaryReader(bytes).tgReadObject() as { getBytes(): Buffer };
      expect(theirs.getBytes().equals(bytes), line.name).to.equal(true);
      expect(codec.read(new Reader(bytes))).to.deep.equal(object);
    }
  });

  it('O2 every constructor and method of layer 223 has the bytes of mtcute', () => {
    const codec = new Codec(lines223);
    const samples = new Samples(lines223, 223);
    for (const line of concrete(lines223)) {
      const object = samples.object(line);
      const bytes = write(codec, object);
      const again = TlBinaryWriter.serializeObject(writers, forMtcute(object) as { _: string });
      expect(Buffer.from(again).equals(bytes), line.name).to.equal(true);
      expect(codec.read(new Reader(bytes))).to.deep.equal(object);
      // Its map reads constructors only.
      if (!line.method) expect(new TlBinaryReader(readers, bytes).object()).to.have.property('_', line.name);
    }
  });

  it('O2 wrappers come off and gzip_packed is read at any depth', () => {
    const layers = Layers.installed();
    const codec = new Codec(lines198);
    const call = write(codec, { _: 'help.getConfig' });
    const pack = (body: Buffer): Buffer => {
      const to = new Writer();
      to.uint(0x3072cfa1);
      to.bytes(gzipSync(body));
      return to.done();
    };
    const head = (object: Tl, query: Buffer): Buffer => {
      const whole = write(codec, { ...object, query: { _: 'help.getConfig' } });
      return Buffer.concat([whole.subarray(0, whole.length - call.length), query]);
    };
    const device = { api_id: 1, device_model: 'd', system_version: 's', app_version: 'a' };
    const init = { _: 'initConnection', ...device, system_lang_code: 'en', lang_pack: '', lang_code: 'en' };
    const after = head({ _: 'invokeAfterMsg', msg_id: 8n }, pack(call));
    const whole = head({ _: 'invokeWithLayer', layer: 198 }, pack(head(init, after)));
    const { request, wrappers } = layers.readRequest(pack(whole));
    expect(request).to.deep.equal({ _: 'help.getConfig' });
    expect(wrappers).to.deep.equal([
      { _: 'invokeWithLayer', layer: 198 },
      init,
      { _: 'invokeAfterMsg', msg_id: 8n },
    ]);
  });

  it('O2 requests of any layer are read, answers take the nearest lower layer', () => {
    const layers = Layers.installed();
    layers.addLayer(
      150,
      'user#00000150 id:long = User;\n---functions---\nusers.getUsers#0d91a548 id:Vector<InputUser> = Vector<User>;',
    );
    const user = { _: 'user', id: 7n, access_hash: 1n, first_name: 'A' };
    const old = layers.writeAnswer(151, 'users.getUsers', [user]);
    expect(old.toString('hex')).to.equal('15c4b51c01000000500100000700000000000000');
    const now = layers.writeAnswer(221, 'users.getUsers', [user]);
    expect(now.equals(layers.writeAnswer(198, 'users.getUsers', [user]))).to.equal(true);
    const topic = write(new Codec(lines223), {
      _: 'messages.getForumTopics',
      peer: { _: 'inputPeerSelf' },
      offset_date: 0,
      offset_id: 0,
      offset_topic: 0,
      limit: 1,
    });
    expect(layers.readRequest(topic).request._).to.equal('messages.getForumTopics');
  });

  it('O2 what an older layer lacks is downgraded', () => {
    const layers = Layers.installed();
    const title = { _: 'textWithEntities', text: 't', entities: [] };
    const message: Tl = {
      _: 'message',
      id: 1,
      peer_id: { _: 'peerUser', user_id: 1n },
      date: 1,
      message: 'm',
      entities: [
        { _: 'messageEntityFormattedDate', offset: 0, length: 1, date: 1 },
        { _: 'messageEntityBold', offset: 0, length: 1 },
      ],
      media: { _: 'messageMediaToDo', todo: { _: 'todoList', title, list: [] } },
    };
    const updates = [
      { _: 'updateNewMessage', message, pts: 1, pts_count: 1 },
      {
        _: 'updateSentPhoneCode',
        sent_code: {
          _: 'auth.sentCodeSuccess',
          authorization: { _: 'auth.authorization', user: { _: 'userEmpty', id: 1n } },
        },
      },
      { _: 'updatePinnedForumTopic', pinned: true, peer: { _: 'peerChannel', channel_id: 9n }, topic_id: 2 },
    ];
    const bytes = layers.write(198, { _: 'updates', updates, users: [], chats: [], date: 1, seq: 0 });
    const read = new Codec(lines198).read(new Reader(bytes ?? Buffer.alloc(0)));
    const kept = [
      {
        ...updates[0],
        message: {
          ...message,
          entities: [{ _: 'messageEntityBold', offset: 0, length: 1 }],
          media: { _: 'messageMediaUnsupported' },
        },
      },
      { _: 'updateChannelPinnedTopic', pinned: true, channel_id: 9n, topic_id: 2 },
    ];
    expect(read['updates']).to.deep.equal(kept);
    const short = {
      _: 'updateShort',
      date: 1,
      update: { _: 'updateEmojiGameInfo', info: { _: 'messages.emojiGameUnavailable' } },
    };
    expect(layers.write(198, short)).to.equal(undefined);
    expect(layers.write(223, short)).to.be.instanceOf(Buffer);
  });

  it('O2 bad bytes and bad objects are refused in plain words', () => {
    const layers = Layers.installed();
    const codec = new Codec(lines198);
    expect(() => layers.readRequest(Buffer.from('efbeadde', 'hex'))).to.throw(
      TlError,
      'unknown constructor deadbeef',
    );
    expect(() => layers.readRequest(Buffer.alloc(2))).to.throw(TlError);
    expect(() => layers.readRequest(write(codec, { _: 'inputPeerSelf' }))).to.throw(TlError, 'no method');
    const wrong = { _: 'users.getUsers', id: [{ _: 'inputPeerSelf' }] };
    expect(() => write(codec, wrong)).to.throw(TlError, 'users.getUsers.id: inputPeerSelf is no InputUser');
    expect(() => write(codec, { _: 'peerUser', user_id: 'x' })).to.throw(
      TlError,
      'peerUser.user_id: a long was expected',
    );
    expect(() => layers.writeAnswer(198, 'no.such', true)).to.throw(TlError, 'no layer has');
    const huge = Buffer.concat([
      write(codec, { _: 'users.getUsers', id: [] }).subarray(0, 8),
      Buffer.from('ffffff7f', 'hex'),
    ]);
    expect(() => layers.readRequest(huge)).to.throw(TlError, 'longer than its data');
  });
});
