/** Makes the calls that the core wants and hands their ends back as inputs. */
import type { UpdatesApi } from './ports.js';
import type { Answer, Call } from './protocol.js';

/** Rejects as the api does. */
export async function makeCall(api: UpdatesApi, call: Call): Promise<Answer> {
  switch (call.method) {
    case 'getState':
      return { method: call.method, result: await api.getState() };
    case 'getDifference':
      return {
        method: call.method,
        result: await api.getDifference({ pts: call.pts, qts: call.qts, date: call.date }),
      };
    case 'getChannelDifference':
      return {
        method: call.method,
        result: await api.getChannelDifference(call.channel, call.pts, call.limit),
      };
    case 'getChannelState':
      return { method: call.method, result: await api.getChannelState(call.channel) };
    case 'getMessages':
      return { method: call.method, result: await api.getMessages(call.channel, call.ids) };
  }
}
