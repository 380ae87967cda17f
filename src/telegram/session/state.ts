/** The state of one running session, as people see it. */

import type { ConnectionState } from '../../domain/connection.js';

export interface SessionState {
  readonly state: ConnectionState;
  /** A plain sentence, where the state needs one. */
  readonly reason?: string;
  /** Unix ms. */
  readonly since: number;
}
