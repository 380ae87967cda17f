import { decode } from '../bson/decode.js';
import { encode } from '../bson/encode.js';
import type { Doc, Value } from '../bson/value.js';
import { CommandError } from '../errors.js';

/** The three operations spoken here: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;

const headerBytes = 16;
const flags = { checksumPresent: 1, moreToCome: 2 } as const;

export interface Request {
  readonly id: number;
  /** OP_QUERY is only spoken by a driver's first hello; its answer has the same old form. */
  readonly form: 'query' | 'msg';
  readonly body: Doc;
  /** The client does not want an answer. */
  readonly silent: boolean;
}

/** Length of the message that starts a buffer, or undefined if its header is not all there. */
export function messageLength(bytes: Buffer): number | undefined {
  return bytes.length < headerBytes ? undefined : bytes.readInt32LE(0);
}

/** @throws CommandError for an operation or section that is not spoken here */
export function readRequest(bytes: Buffer): Request {
  const id = bytes.readInt32LE(4);
  const operation = bytes.readInt32LE(12);
  if (operation === opMsg) return readMsg(id, bytes);
  if (operation === opQuery) return readQuery(id, bytes);
  throw new CommandError(352, `Operation ${operation} is not spoken here`);
}

function readMsg(id: number, bytes: Buffer): Request {
  const bits = bytes.readUInt32LE(headerBytes);
  const end = bytes.length - ((bits & flags.checksumPresent) === 0 ? 0 : 4);
  const body: Doc = new Map();
  const lists = new Map<string, Value[]>();
  let at = headerBytes + 4;
  while (at < end) {
    const section = bytes.readUInt8(at);
    const size = bytes.readInt32LE(at + 1);
    if (size < 5 || at + 1 + size > end) throw new CommandError(22, 'Invalid section length');
    if (section === 0) for (const [name, value] of decode(bytes, at + 1)) body.set(name, value);
    else if (section === 1) readSequence(bytes.subarray(at + 5, at + 1 + size), lists);
    else throw new CommandError(40432, `Unknown section ${section}`);
    at += 1 + size;
  }
  for (const [name, list] of lists) body.set(name, list);
  return { id, form: 'msg', body, silent: (bits & flags.moreToCome) !== 0 };
}

/** A document sequence: its name, then documents one behind the other. */
function readSequence(bytes: Buffer, lists: Map<string, Value[]>): void {
  const nameEnd = bytes.indexOf(0);
  const list: Value[] = [];
  let at = nameEnd + 1;
  while (at < bytes.length) {
    list.push(decode(bytes, at));
    at += bytes.readInt32LE(at);
  }
  lists.set(bytes.toString('utf8', 0, nameEnd), list);
}

function readQuery(id: number, bytes: Buffer): Request {
  const nameEnd = bytes.indexOf(0, headerBytes + 4);
  const database = bytes.toString('utf8', headerBytes + 4, nameEnd).replace(/\.\$cmd$/, '');
  const body = decode(bytes, nameEnd + 9);
  body.set('$db', database);
  return { id, form: 'query', body, silent: false };
}

/** @throws CommandError if the answer is no BSON */
export function writeAnswer(request: Pick<Request, 'id' | 'form'>, answer: Doc): Buffer {
  const document = encode(answer);
  const isMsg = request.form === 'msg';
  const start = headerBytes + (isMsg ? 5 : 20);
  const bytes = Buffer.alloc(start + document.length);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(request.id, 8);
  bytes.writeInt32LE(isMsg ? opMsg : opReply, 12);
  // After the OP_REPLY's flags, cursor and start comes the number of documents; an OP_MSG has zero flags, section 0.
  if (!isMsg) bytes.writeInt32LE(1, headerBytes + 16);
  document.copy(bytes, start);
  return bytes;
}
