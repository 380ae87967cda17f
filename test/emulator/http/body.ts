import type { IncomingMessage } from 'node:http';

/** The body did not fit. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Reads a request's whole body. Throws BodyTooLarge above `limit` bytes; the rest is read and thrown away. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > limit) throw new BodyTooLarge(`the body has ${size} bytes, ${limit} are allowed`);
  return Buffer.concat(chunks);
}
