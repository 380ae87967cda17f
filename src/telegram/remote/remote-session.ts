/** A session that runs in another process, as a caller sees it. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { OwnerId } from '../../domain/ids.js';
import type { Relay } from '../../ports/relay.js';
import type { KeyRing } from '../../ports/runtime.js';
import type { Caller, CallOptions } from '../link/link.js';
import type { CallingSession } from '../peers/session.js';
import { envelope, type Answer, type Question } from './wire.js';

export interface RemoteDeps {
  readonly relay: Relay;
  readonly keyring: KeyRing;
}

/** As long as a call may take by itself (link/link.ts). */
const callMs = 60_000;
/** The holder's own deadline comes first, so that its reason is told. */
const onTheWayMs = 2_000;

/**
 * Calls throw as those of a session here, and also ANSWER_LOST when the other process dies with the call in hand or its answer does
 * not open, and TELEGRAM_UNREACHABLE when no process runs the session.
 */
export function remoteSession(deps: RemoteDeps, owner: OwnerId, kind: 'bot' | 'account'): CallingSession {
  const questions = envelope<Question>(deps.keyring, 'question', owner);
  const answers = envelope<Answer>(deps.keyring, 'answer', owner);

  async function ask(question: Question, options: CallOptions = {}): Promise<unknown> {
    const { deadlineMs = callMs, signal } = options;
    const sealed = questions.seal(question);
    const answer = opened(
      await deps.relay.ask(owner, sealed, { deadlineMs: deadlineMs + onTheWayMs, signal }),
    );
    if (answer.ok) return answer.result;
    throw new GatewayError(answer.code, answer.detail, { cause: answer.cause });
  }

  /** The call was made, whatever its outcome: a holder seals with the newest key, which may not have reached us yet. */
  function opened(bytes: Uint8Array): Answer {
    try {
      return answers.open(bytes);
    } catch (cause) {
      throw new GatewayError('ANSWER_LOST', 'it came and does not open with our SECRET_KEYS', { cause });
    }
  }

  function callerFor(questionOf: (method: tl.RpcMethod, deadlineMs?: number) => Question): Caller {
    return {
      async call(method, options) {
        // The holder read it by the method's own reader.
        return await ask(questionOf(method, options?.deadlineMs), options);
      },
    };
  }

  return {
    owner,
    kind,
    ...callerFor((method, deadlineMs) => ({ do: 'call', method, deadlineMs })),
    async mediaLink(dc) {
      return callerFor((method, deadlineMs) => ({ do: 'file-call', dc, method, deadlineMs }));
    },
    async resync() {
      await ask({ do: 'resync' });
    },
  };
}
