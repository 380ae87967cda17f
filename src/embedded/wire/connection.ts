import type { Socket } from 'node:net';
import type { Doc } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { messageLength, readRequest, writeAnswer, type Request } from './message.js';

type Handle = (body: Doc) => Promise<Doc>;

export interface ConnectionOptions {
  readonly handle: Handle;
  /** The answer to a failure; never throws. */
  readonly refuse: (error: unknown) => Doc;
  readonly maxMessageBytes: number;
}

export interface Connection {
  /** Takes no further message; the socket ends when those that came are answered. */
  end(): void;
  /** Ends the socket now, whatever is under way. */
  cut(): void;
}

/** Answers a socket's messages in the order they came. A message that is no message closes it. */
export function serve(socket: Socket, options: ConnectionOptions): Connection {
  let isEnding = false;
  let chunks: Buffer[] = [];
  let have = 0;
  let busy: Promise<void> = Promise.resolve();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    if (isEnding) return;
    chunks.push(chunk);
    have += chunk.length;
    // Waiting for the rest of a large message must not copy what is there with every chunk.
    const wanted = messageLength(chunks[0] ?? chunk);
    if (wanted !== undefined && wanted > have && wanted <= options.maxMessageBytes) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (;;) {
      const length = messageLength(bytes);
      if (length === undefined) break;
      if (length < 16 || length > options.maxMessageBytes) {
        socket.destroy();
        return;
      }
      if (bytes.length < length) break;
      const message = bytes.subarray(0, length);
      bytes = bytes.subarray(length);
      busy = busy.then(() => answer(socket, message, options));
    }
    chunks = bytes.length > 0 ? [bytes] : [];
    have = bytes.length;
  });
  return {
    end() {
      isEnding = true;
      void busy.then(() => socket.destroySoon());
    },
    cut: () => socket.destroy(),
  };
}

async function answer(socket: Socket, message: Buffer, options: ConnectionOptions): Promise<void> {
  let request: Pick<Request, 'id' | 'form' | 'silent'> = {
    id: message.readInt32LE(4),
    form: 'msg',
    silent: false,
  };
  let reply: Buffer;
  try {
    const read = readRequest(message);
    request = read;
    reply = writeAnswer(request, await options.handle(read.body));
    if (reply.length > options.maxMessageBytes)
      throw new CommandError(10334, 'The answer is larger than a message may be');
  } catch (error) {
    // Also an answer that cannot be written is answered: the client would wait for ever.
    reply = writeAnswer(request, options.refuse(error));
  }
  if (!request.silent && socket.writable) socket.write(reply);
}
