import { randomBytes } from 'node:crypto';
import { RpcError, type Tl } from '../types.js';
import { Probe } from './probe.js';
import { firstRequest, requestBytes } from './requests.js';
import { MtprotoServer, type Call, type Handler, type ServerOptions } from './server.js';

export const USER = 7000000001n;
export const STATE: Tl = { _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unread_count: 0 };
export const GET_STATE: Tl = { _: 'updates.getState' };
/** The slow call: it answers after 20 ms. */
export const GET_USERS: Tl = { _: 'users.getUsers', id: [] };
export const GET_FILE: Tl = {
  _: 'upload.getFile',
  location: { _: 'inputTakeoutFileLocation' },
  offset: 0n,
  limit: 4096,
};

export const typing = (userId: bigint): Tl => ({
  _: 'updateShort',
  update: { _: 'updateUserTyping', user_id: userId, action: { _: 'sendMessageTypingAction' } },
  date: 1,
});

/** A server with a few handlers, and probes that are hung up with it. */
export class WireFixture {
  server!: MtprotoServer;
  port = 0;
  /** Names of the handlers that ran and are worth counting. */
  ran: string[] = [];
  problems: string[] = [];
  calls: Call[] = [];
  private readonly probes: Probe[] = [];

  async start(options: Partial<ServerOptions> = {}): Promise<void> {
    this.server = new MtprotoServer({
      handlers: this.handlers,
      onProblem: (problem) => this.problems.push(problem),
      onCall: (call) => this.calls.push(call),
      ...options,
    });
    this.port = (await this.server.listen()).ports[2] ?? 0;
  }

  async stop(): Promise<void> {
    for (const probe of this.probes) probe.hangUp();
    await this.server.close();
  }

  /** A probe of a known key that learnt the salt; its session has not called anything yet. */
  async dial(key = randomBytes(256), userId = USER): Promise<Probe> {
    this.server.registerAuthKey(key, { userId });
    const probe = new Probe(key);
    this.probes.push(probe);
    await probe.dial(this.port);
    probe.service({ _: 'ping', ping_id: 0n }, { content: false });
    await probe.named('bad_server_salt');
    return probe;
  }

  /** A probe whose session has begun with `first`. */
  async begin(key = randomBytes(256), first = GET_STATE, userId = USER): Promise<Probe> {
    const probe = await this.dial(key, userId);
    await probe.result(probe.send(firstRequest(first)));
    return probe;
  }

  /** Calls and takes the answer. */
  async call(probe: Probe, request: Tl): Promise<Tl | undefined> {
    return (await probe.result(probe.send(requestBytes(request)))).object;
  }

  private readonly handlers: Record<string, Handler> = {
    'updates.getState': () => STATE,
    'users.getUsers': async ({ userId }) => {
      this.ran.push('users.getUsers');
      await new Promise((resolve) => setTimeout(resolve, 20));
      return [{ _: 'userEmpty', id: userId ?? 0n }];
    },
    'account.updateStatus': (_caller, { offline }) => {
      this.ran.push('account.updateStatus');
      if (offline === true) throw new RpcError(400, 'NOT_NOW');
      return true;
    },
    'help.getTermsOfServiceUpdate': () => {
      throw new TypeError('a bug in a handler');
    },
    'auth.exportAuthorization': () => ({
      _: 'auth.exportedAuthorization',
      id: 1n,
      bytes: Buffer.alloc(20000),
    }),
    'upload.getFile': () => ({
      _: 'upload.file',
      type: { _: 'storage.filePartial' },
      mtime: 1,
      bytes: Buffer.alloc(10000, 7),
    }),
    'updates.getDifference': () => ({ _: 'not.inAnySchema' }),
  };
}
