import type { Call, Method } from '../call.js';
import { chatOf } from '../call.js';
import type { Json } from '../../http/json.js';
import { draftOptions } from '../read/draft.js';
import { readText, TEXT } from '../read/text.js';
import { messageJson } from '../render/message.js';

/** Posting text. */
export const SENDING: Readonly<Record<string, Method>> = { sendMessage };

function sendMessage(call: Call): Json {
  const to = chatOf(call);
  const message = call.actor.send(to, {
    ...readText(call, call.params, TEXT),
    ...draftOptions(call, to),
  });
  return messageJson(call, message);
}
