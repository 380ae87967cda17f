import type { LocalTelegram } from '../../telegram.js';
import type { Json } from '../act.js';

/** Who called what, on both wires, oldest first; no contents. */
export function callsView({ calls, botApi, problems }: LocalTelegram): Json {
  return {
    mtproto: calls.map(({ caller, name }) => ({
      name,
      user: caller.userId === undefined ? null : Number(caller.userId),
      dc: caller.dc,
      layer: caller.layer,
      authKey: caller.authKeyId,
      session: caller.sessionId,
    })),
    botApi: botApi.calls,
    problems,
  };
}
