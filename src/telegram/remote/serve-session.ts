/** A session of this process answers the workers of the others. */

import { asGatewayError } from '../../domain/errors.js';
import type { Cancel } from '../../ports/runtime.js';
import { rpcErrorOf } from '../rpc/errors.js';
import type { CallingSession } from '../peers/session.js';
import type { RemoteDeps } from './remote-session.js';
import { envelope, refusalOf, type Answer, type Question } from './wire.js';

/**
 * Until cancelled. The session itself refuses what comes after its lease was lost, also what lay in a socket while we were frozen; such
 * a question is left to the process that has the lease, and is a lost answer where there is none.
 */
export function serveSession({ relay, keyring }: RemoteDeps, session: CallingSession): Cancel {
  const questions = envelope<Question>(keyring, 'question', session.owner);
  const answers = envelope<Answer>(keyring, 'answer', session.owner);
  return relay.serve(session.owner, async (bytes) => {
    // Sealed by other keys: nobody could read our answer.
    const question = questions.open(bytes);
    return answers.seal(await answerOf(session, question));
  });
}

async function answerOf(session: CallingSession, question: Question): Promise<Answer> {
  try {
    return { ok: true, result: await done(session, question) };
  } catch (thrown) {
    const error = asGatewayError(thrown);
    // Told first, it would pass for the answer of the process that really holds the session and is just executing the call.
    if (error.code === 'STALE_FENCE') throw error;
    return refusalOf(error, rpcErrorOf(thrown));
  }
}

async function done(session: CallingSession, question: Question): Promise<unknown> {
  switch (question.do) {
    case 'resync':
      return session.resync();
    case 'call':
      return session.call(question.method, optionsOf(question));
    case 'file-call':
      return (await session.mediaLink(question.dc)).call(question.method, optionsOf(question));
  }
}

function optionsOf({ deadlineMs }: { deadlineMs?: number | undefined }): { deadlineMs?: number } {
  return deadlineMs === undefined ? {} : { deadlineMs };
}
