/** The page of the sandbox on loopback: what everybody sees, hands for everybody, and the switches of the two processes. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cast } from './cast.js';
import type { Attachment, Draft } from './control.js';
import type { Stage } from './stage.js';

const bodyLimitBytes = 100 * 1024 * 1024;

/** What the page may send: somebody's words and files, in a chat or in a topic of the group. */
interface Said extends Draft {
  readonly as: string;
  readonly to: string;
  readonly files?: readonly Attachment[];
}

/** Serves until the process is interrupted. The port 0 takes any free one. Throws what listening throws (EADDRINUSE). */
export async function servePage(stage: Stage, port: number, tell: (line: string) => void): Promise<never> {
  const server = createServer((request, response) => {
    answer(stage, request, response).catch((error: unknown) => {
      sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  tell(
    `\nThe sandbox is open at http://127.0.0.1:${(server.address() as AddressInfo).port} (Ctrl-C ends it)`,
  );
  return new Promise<never>(() => undefined);
}

async function answer(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (!fromThisPage(request)) {
    sendJson(response, 403, { error: 'only the page itself may ask' });
    return;
  }
  switch (`${request.method ?? ''} ${url.pathname}`) {
    case 'GET /':
      sendPart(response, 'index.html', 'text/html');
      break;
    case 'GET /page.js':
      sendPart(response, 'page.js', 'text/javascript');
      break;
    case 'GET /page.css':
      sendPart(response, 'page.css', 'text/css');
      break;
    case 'GET /state':
      await sendState(stage, url.searchParams.get('seen'), response);
      break;
    case 'GET /file':
      await sendFile(stage, url.searchParams, response);
      break;
    case 'POST /say':
      await say(stage, (await json(request)) as Said);
      sendJson(response, 200, {});
      break;
    case 'POST /switch': {
      const { what, on } = (await json(request)) as { what: 'primary' | 'gateway'; on: boolean };
      const { [what]: chosen } = stage;
      await (on ? chosen.start() : chosen.kill());
      sendJson(response, 200, {});
      break;
    }
    default:
      sendJson(response, 404, { error: 'there is nothing here' });
  }
}

function sendPart(response: ServerResponse, name: string, type: string): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
  response.end(readFileSync(new URL(`page/${name}`, import.meta.url)));
}

/** Another page in the same browser may neither read (its Host would be a name) nor act (its Origin tells). */
function fromThisPage({ headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  return /^(127\.0\.0\.1|localhost):\d+$/.test(host) && (origin === undefined || origin === `http://${host}`);
}

/** Everything there is to see; 304 when that is what the page has already. */
async function sendState(stage: Stage, seen: string | null, response: ServerResponse): Promise<void> {
  const { users, groups } = await stage.control.world();
  const state = {
    clients: cast.clients.map(({ firstName }) => ({
      name: firstName,
      chats: users.find((user) => user.firstName === firstName)?.chats ?? [],
    })),
    bot: { name: cast.shop.firstName, username: cast.shop.username },
    owner: { name: cast.owner.firstName, username: cast.owner.username },
    operator: cast.operator.firstName,
    group: cast.group,
    topics: groups.find(({ title }) => title === cast.group)?.topics.filter(({ deleted }) => !deleted) ?? [],
    primary: { alive: stage.primary.alive, pid: stage.primary.pid },
    gateway: { alive: stage.gateway.alive, pid: stage.gateway.pid },
  };
  const text = JSON.stringify(state);
  const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
  if (version === seen) response.writeHead(304).end();
  else sendJson(response, 200, { version, ...state });
}

async function sendFile({ control }: Stage, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const bytes = await control.bytes(query.get('id') ?? '');
  const name = encodeURIComponent(query.get('name') ?? 'file');
  // An <img> looks at the bytes for the kind of image; everything else is a download, so that nobody's file runs as a page.
  const image = query.has('image');
  response.writeHead(200, {
    'content-type': image ? 'image/jpeg' : 'application/octet-stream',
    'content-disposition': image ? 'inline' : `attachment; filename*=UTF-8''${name}`,
    'content-security-policy': 'sandbox',
  });
  response.end(bytes);
}

/** Several files go as an album, as an app sends them. */
async function say({ control }: Stage, said: Said): Promise<void> {
  const { as, to, files = [], ...draft } = said;
  const [file] = files;
  if (files.length > 1) await control.sendAlbum(as, to, files, draft);
  else await control.send(as, to, { ...draft, ...(file === undefined ? {} : { file }) });
}

async function json(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) throw new Error('that is too large for the sandbox');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
