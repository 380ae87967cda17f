/** Which calls, pushes or connections a fault hits; an absent word matches everything. */
export interface FaultWhen {
  readonly user?: bigint;
  /** Method name (calls), exact. */
  readonly method?: string;
  /** Name of an update inside the pushed object, or of the object itself. */
  readonly update?: string;
  readonly dc?: number;
}

type Named =
  | { readonly name: 'call.error'; readonly code: number; readonly text: string }
  | { readonly name: 'call.flood'; readonly seconds: number }
  | { readonly name: 'call.delay'; readonly ms: number }
  | { readonly name: 'call.lost' }
  | { readonly name: 'call.answer-lost' }
  | { readonly name: 'call.close-before' }
  | { readonly name: 'call.close-after' }
  | { readonly name: 'call.garbage' }
  | { readonly name: 'push.drop' }
  | { readonly name: 'push.duplicate' }
  | { readonly name: 'push.reorder' }
  | { readonly name: 'push.delay'; readonly ms: number }
  | { readonly name: 'push.too-long' }
  | { readonly name: 'push.unknown' }
  | { readonly name: 'push.error-first' }
  | { readonly name: 'socket.close' }
  | { readonly name: 'socket.reset' }
  | { readonly name: 'socket.black-hole' }
  | { readonly name: 'socket.half-open' }
  | { readonly name: 'socket.refuse' }
  | { readonly name: 'session.forget' }
  | { readonly name: 'session.salt' }
  | { readonly name: 'session.clock'; readonly seconds: number }
  | { readonly name: 'key.unknown' }
  | { readonly name: 'key.flood' };

export type FaultName = Named['name'];

/** A fault to inject: its name and arguments, whom it hits, and how many times (absent: until removed). */
export type Fault = Named & { readonly when?: FaultWhen; readonly times?: number };

/** Name → how it acts and what it means. `now`: acts once when added; `standing`: until removed or used up. */
export const FAULTS: Readonly<Record<FaultName, readonly ['now' | 'standing', string]>> = {
  'call.error': ['standing', 'rpc_error {code, text} instead of the call'],
  'call.flood': ['standing', 'rpc_error 420 FLOOD_WAIT_{seconds} instead of the call'],
  'call.delay': ['standing', 'the call starts {ms} later'],
  'call.lost': ['standing', 'the request is lost: not executed, not acknowledged, never answered'],
  'call.answer-lost': ['standing', 'the call is executed and acknowledged, its answer is lost for good'],
  'call.close-before': ['standing', 'the connection closes (FIN) before the call: it is not executed'],
  'call.close-after': [
    'standing',
    'the call is executed, the connection closes before its answer leaves; the session keeps the answer',
  ],
  'call.garbage': ['standing', 'the answer is an unreadable constructor'],
  'push.drop': ['standing', 'the push is lost'],
  'push.duplicate': ['standing', 'the push is sent twice, under two message ids'],
  'push.reorder': ['standing', 'the push waits for the next one of its session and leaves after it'],
  'push.delay': ['standing', 'the push leaves {ms} later'],
  'push.too-long': ['standing', 'updatesTooLong is sent in its place'],
  'push.unknown': ['standing', 'a constructor that no layer knows is sent before it, in the same container'],
  'push.error-first': ['standing', 'an rpc_error to an unknown request leads the same container'],
  'socket.close': ['now', 'open connections are closed (FIN)'],
  'socket.reset': ['now', 'open connections are reset (RST)'],
  'socket.black-hole': ['standing', 'connections are accepted and kept, nothing is read or answered'],
  'socket.half-open': ['standing', 'requests are executed, nothing that the server writes arrives'],
  'socket.refuse': ['standing', 'new connections are refused (nothing listens), open ones stay'],
  'session.forget': ['now', 'sessions and what they had not acknowledged are forgotten; keys stay'],
  'session.salt': ['now', 'the server salts change: the next message gets bad_server_salt'],
  'session.clock': ['standing', "the server's clock is {seconds} ahead: message ids are refused (16, 17)"],
  'key.unknown': ['standing', 'an encrypted packet is answered by transport error -404'],
  'key.flood': ['standing', 'an encrypted packet is answered by transport error -429 and a close'],
};

/** The server's fault desk. */
export interface Faults {
  /** Injects a fault; returns its id. A `now` fault has acted when this returns. */
  add(fault: Fault): string;
  remove(id: string): boolean;
  clear(): void;
  list(): { readonly id: string; readonly fault: Fault; readonly left: number | undefined }[];
}
