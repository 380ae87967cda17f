/** Refusals as RFC 9457 problem details. The detail is a sentence of ours, never a text that somebody sent. */

import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';

export const problemType = 'application/problem+json; charset=utf-8';

/** The body of a refusal. */
export function problem(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail });
}

/** Answers with a refusal. */
export function refuse(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.code(status).type(problemType).send(problem(status, detail));
}
