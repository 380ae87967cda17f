import type { GatewayError } from '../../domain/errors.js';

/** A call on its way. It outlives connections: each one sends the same bytes again until it is settled. */
export interface Outgoing {
  /** TL name. */
  readonly method: string;
  readonly bytes: Buffer;
  /** True once it has left and its answer is lost: it may have been executed, whatever becomes of its repetition. */
  sent: boolean;
  /** Called once: the answer's bytes, unzipped, or why there is none. */
  settle(answer: Buffer | GatewayError): void;
}
