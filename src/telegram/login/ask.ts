/** A walk is the order of a login's steps, written as a generator: it yields what to ask or show and gets the input back. */

import type { tl } from '@mtcute/tl';

import { GatewayError, type ErrorCode } from '../../domain/errors.js';
import type { Question, Step } from './step.js';

export type OpenStep = Extract<Step, { step: 'ask' | 'show' }>;

/** Ends with Telegram's authorization; throws what cannot be mended by another input. */
export type Walk = AsyncGenerator<OpenStep, tl.auth.TypeAuthorization, string>;

/** What was wrong with the last input: the sentence that asks again, and the error it amounts to. */
export interface Mistake {
  readonly error: string;
  readonly failure: GatewayError;
}

export function ask(
  what: Question,
  more: { hint?: string | undefined; mistake?: Mistake | undefined } = {},
): OpenStep {
  return {
    step: 'ask',
    what,
    ...(more.hint === undefined || more.hint === '' ? {} : { hint: more.hint }),
    ...more.mistake,
  };
}

export function mistake(code: ErrorCode, error: string): Mistake {
  return { error, failure: new GatewayError(code) };
}
