/** What may stand in a log line. Everything that is not allowed here is left out: a new field is silent until it is listed. */

import { asGatewayError, GatewayError } from '../domain/errors.js';
import type { LogFields } from '../ports/runtime.js';

/** Fields whose value may be text: ids of ours or Telegram's, and words from closed sets. */
const textFields = new Set([
  'address',
  'box',
  'channel',
  'code',
  'connection',
  'delivery',
  'desk',
  'dialog',
  'group',
  'holder',
  'hole',
  'job',
  'journal',
  'kind',
  'lane',
  'lease',
  'method',
  'owner',
  'peer',
  'randomId',
  'reason',
  'resource',
  'side',
  'state',
  'step',
  'topic',
]);

/** Ids, kebab words, error codes, `messages.sendMessage`, `149.154.167.50:443`; a sentence or a phone (`+49…`) is none of these. */
const idShape = /^[A-Za-z][\w.:-]{0,199}$|^-?\d{1,20}$|^\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?$/;
/** `123456789:AAF…`, alone or behind a prefix. */
const botTokenShape = /\d{5,}:[\w-]{25,}/;

/** The fields that may be logged; names of those left out follow as `dropped`. */
export function redact(fields: LogFields): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (isLoggable(name, value)) kept[name] = value;
    else dropped.push(name);
  }
  return dropped.length === 0 ? kept : { ...kept, dropped: dropped.join(',') };
}

/** A thrown value as fields: code and class, never its text; the frames of its stack where somebody hunts a defect. */
export function describeThrown(thrown: unknown, withStack: boolean): Record<string, string> {
  const error = asGatewayError(thrown);
  const origin = error.code === 'INTERNAL' ? (error.cause ?? error) : error;
  const frames = withStack ? framesOf(thrown) : '';
  return {
    code: error.code,
    class: origin instanceof Error ? classOf(origin) : typeof origin,
    ...(frames === '' ? {} : { stack: frames }),
  };
}

function isLoggable(name: string, value: string | number | boolean): boolean {
  if (typeof value !== 'string') return true;
  return textFields.has(name) && idShape.test(value) && !botTokenShape.test(value);
}

/** The class's own name: `error.name` is a property that anybody may have set to anything. */
function classOf(error: Error): string {
  return error instanceof GatewayError ? error.name : error.constructor.name;
}

/** The message stands first in a stack and may hold contents: it is cut off before the frames are taken. */
function framesOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return '';
  const start = thrown.stack.indexOf(thrown.message) + thrown.message.length;
  const frames = thrown.stack.slice(start).split('\n');
  return frames
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join(' | ');
}
