import { expect } from 'chai';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { lookAtHttp } from '../../src/checks/http.js';
import { openHttpPlace } from '../http/observed.js';

const at = (port: number, host = '127.0.0.1') => ({ kind: 'listen', host, port }) as const;

describe('What doctor says of HTTP_LISTEN', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function listening(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    return (server.address() as AddressInfo).port;
  }

  const levelAt = async (port: number, gatewayRuns: boolean, host?: string) =>
    (await lookAtHttp(at(port, host), gatewayRuns)).level;

  it('O3 an address that a gateway of this installation may hold is fine when a gateway answers there', async () => {
    const place = await openHttpPlace();
    closing.push(() => place.close());
    const { port } = place.http;
    expect(await levelAt(port, true)).to.equal('fine');
    expect(await levelAt(port, true, '0.0.0.0'), 'by all addresses').to.equal('fine');
    expect(await levelAt(port, false), 'while none of ours runs').to.equal('fatal');
  });

  it('O3 an address that another program holds is fatal, whatever it answers, or nothing', async () => {
    const healthy = createHttpServer((_request, response) => response.end('{"status":"ok"}'));
    const patient = (socket: Socket) => socket.on('error', () => undefined).resume();
    const silent = createServer(patient);
    const rude = createServer((socket) => patient(socket).end('220 mail.example ESMTP\r\n'));
    for (const stranger of [healthy, silent, rude]) {
      const finding = await lookAtHttp(at(await listening(stranger)), true);
      if (finding.level !== 'fatal') throw new Error(`it is ${finding.level}`);
      expect(finding.error.message).to.match(/^HTTP_LISTEN=127\.0\.0\.1:\d+ is taken by another program; /);
    }
  });

  it('O3 a free address is let go again', async () => {
    const server = createServer();
    const port = await listening(server);
    for (const close of closing.splice(0)) await close();
    for (let again = 0; again < 2; again++) expect(await levelAt(port, false)).to.equal('fine');
  });
});
