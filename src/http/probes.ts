/** `/healthz`: is this process worth keeping? `/readyz`: may it be given work? */

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Liveness } from './liveness.js';
import type { Readiness } from './readiness.js';

/** By this name in `/healthz` a gateway is told from any other server. */
export const program = 'understudy';

/** Both answer 200, or 503 with what is wrong. */
export function addProbes(
  app: FastifyInstance,
  { liveness, readiness }: { readonly liveness: Liveness; readonly readiness: Readiness },
): void {
  app.get('/healthz', async (_request, reply) => {
    const life = liveness.life();
    return answer(reply, life.status === 'ok', { program, ...life });
  });
  app.get('/readyz', async (_request, reply) => {
    const missing = await readiness.missing();
    if (missing.length === 0) return answer(reply, true, { status: 'ready' });
    return answer(reply, false, { status: 'not ready', missing });
  });
}

function answer(reply: FastifyReply, isWell: boolean, body: object): FastifyReply {
  return reply
    .code(isWell ? 200 : 503)
    .header('cache-control', 'no-store')
    .send(body);
}
