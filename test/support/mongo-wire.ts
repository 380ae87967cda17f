/** As much of MongoDB's wire protocol as a proxy needs: where a message ends, and which command it carries. */

const headerBytes = 16;
const opMsg = 2013;
/** Flags, and the kind of the first section. */
const bodyAt = headerBytes + 4 + 1;
/** Length of the document, and the type of its first element. */
const nameAt = bodyAt + 4 + 1;

/** Cuts a stream into whole messages. */
export class Framing {
  #rest = Buffer.alloc(0);

  /** The messages that are complete with this chunk. */
  take(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    while (this.#rest.length >= headerBytes) {
      const bytes = this.#rest.readInt32LE(0);
      if (this.#rest.length < bytes) break;
      messages.push(this.#rest.subarray(0, bytes));
      this.#rest = this.#rest.subarray(bytes);
    }
    return messages;
  }
}

/** The command's name, which is its document's first key; undefined for what is no OP_MSG. */
export function commandOf(message: Buffer): string | undefined {
  if (message.readInt32LE(12) !== opMsg || message.length <= nameAt) return undefined;
  return message.toString('utf8', nameAt, message.indexOf(0, nameAt));
}
