import type { IncomingMessage } from 'node:http';
import { BodyTooLarge, readBody } from '../http/body.js';
import { badRequest, BotApiError } from './errors.js';
import { multipart } from './multipart.js';
import { Params, type Upload } from './params.js';

/** What a bot may upload (core.telegram.org/bots/api#sending-files), with room for the other fields. */
const BODY_MAX = 51 * 1024 * 1024;

/** The query's and the body's parameters; JSON, urlencoded and multipart bodies are read. */
export async function readParams(request: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const body = await bodyOf(request);
  const contentType = request.headers['content-type'] ?? '';
  const values: [string, unknown][] = [...query];
  if (body.length === 0) return new Params(values);
  if (/^application\/json/i.test(contentType)) return new Params([...values, ...jsonFields(body)]);
  if (/^multipart\/form-data/i.test(contentType)) return multipartParams(contentType, body, values);
  return new Params([...values, ...new URLSearchParams(body.toString())]);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  try {
    return await readBody(request, BODY_MAX);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new BotApiError(413, 'Request Entity Too Large');
    throw error;
  }
}

function jsonFields(body: Buffer): [string, unknown][] {
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null) return Object.entries(value);
  } catch {
    // Said below, in Telegram's words.
  }
  throw badRequest("can't parse request: body must be a JSON object");
}

function multipartParams(contentType: string, body: Buffer, values: [string, unknown][]): Params {
  const uploads = new Map<string, Upload>();
  try {
    for (const { name, filename, mimeType, bytes } of multipart(contentType, body)) {
      if (filename === undefined) values.push([name, bytes.toString()]);
      else uploads.set(name, { name: filename, bytes, ...(mimeType === undefined ? {} : { mimeType }) });
    }
  } catch (error) {
    throw badRequest(`can't parse request: ${error instanceof Error ? error.message : 'multipart'}`);
  }
  return new Params(values, uploads);
}
