import { GatewayError, type ErrorCode } from '../../../src/domain/errors.js';

/** The code that the work fails with; undefined when it succeeds. Anything but a GatewayError is thrown on. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode | undefined> {
  return (await failureOf(work))?.code;
}

export async function failureOf(work: Promise<unknown>): Promise<GatewayError | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
}
