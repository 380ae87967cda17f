/** What a method is, as far as waiting for it and repeating it goes. */

import type { tl } from '@mtcute/tl';

export type RequestClass = 'read' | 'send' | 'transfer' | 'login' | 'write';

/** How long the caller waits at most, all attempts together, and how long one attempt may take. */
export interface Patience {
  readonly deadlineMs: number;
  readonly attemptMs: number;
}

const PATIENCE: Readonly<Record<RequestClass, Patience>> = {
  read: { deadlineMs: 60_000, attemptMs: 20_000 },
  send: { deadlineMs: 60_000, attemptMs: 20_000 },
  transfer: { deadlineMs: 120_000, attemptMs: 60_000 },
  login: { deadlineMs: 60_000, attemptMs: 60_000 },
  write: { deadlineMs: 30_000, attemptMs: 30_000 },
};

export function classOf(request: tl.RpcMethod): RequestClass {
  const [space, name] = request._.includes('.')
    ? (request._.split('.') as [string, string])
    : ['', request._];
  if (space === 'upload') return 'transfer';
  if (space === 'auth') return 'login';
  if (carriesRandomId(request)) return 'send';
  return READING.test(name) ? 'read' : 'write';
}

export function patienceFor(request: tl.RpcMethod): Patience {
  return PATIENCE[classOf(request)];
}

/** True where a second execution changes nothing: Telegram recognises a random id, reads leave no trace, parts overwrite themselves. */
export function isRepeatable(request: tl.RpcMethod): boolean {
  const kind = classOf(request);
  return kind === 'read' || kind === 'send' || kind === 'transfer';
}

/** `getBotCallbackAnswer` and the like press a button: no reads. */
const READING = /^(get(?!BotCallbackAnswer|WebPage)|check|resolve|search)/;

function carriesRandomId(request: tl.RpcMethod): boolean {
  return request._ === 'messages.sendMultiMedia' || 'randomId' in request;
}
