/** What commander says about a wrong command line, as one sentence of ours. */

import type { CommanderError } from 'commander';
import { GatewayError } from '../domain/errors.js';

/** Commander repeats what was typed, and what was typed in the wrong place may be a token or a phone number. */
const secretShape = /\d{5,}:[\w-]*|\+?\d{7,}/g;

/** Undefined where help was asked for, or shown because a command was missing. */
export function usageError({ code, message }: CommanderError): GatewayError | undefined {
  if (code === 'commander.help' || code === 'commander.helpDisplayed') return undefined;
  const [complaint = '', hint] = message
    .replace(/^error: /, '')
    .replaceAll(secretShape, '…')
    .split('\n');
  const sentence = complaint.replace(/\.$/, '').replace(/^./, (letter) => letter.toUpperCase());
  return new GatewayError('USAGE', `${[sentence, hint].filter((part) => part !== undefined).join(' ')}.`);
}
