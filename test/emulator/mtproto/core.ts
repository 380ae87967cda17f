import type { RsaKey } from '../crypto/rsa.js';
import type { Layers } from '../schema/layers.js';
import type { Call, Handlers } from './api.js';
import type { ServerClock } from './clock.js';
import type { FaultDesk } from './fault-desk.js';
import type { AuthKey, Keys } from './keys.js';
import type { MessageIds } from './message-ids.js';
import type { Sessions } from './sessions.js';

/** What every part of one server shares. */
export interface Core {
  readonly rsa: RsaKey;
  readonly layers: Layers;
  readonly keys: Keys;
  readonly sessions: Sessions;
  readonly clock: ServerClock;
  readonly ids: MessageIds;
  readonly desk: FaultDesk;
  readonly handlers: Handlers;
  readonly onCall: (call: Call) => void;
  readonly onProblem: (problem: string) => void;
  /** The key is gone: its connections end with -404. */
  readonly revoke: (key: AuthKey) => void;
}
