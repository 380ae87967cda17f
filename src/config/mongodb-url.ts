/**
 * What a MONGODB_URL may not decide. A claim or a link must be read where it was written, and a write must be one that a majority
 * keeps and that the driver may repeat: else a row that stands is not seen, and its message goes out twice.
 */

import { refuse } from './env.js';

/** The driver lets these win over, or mixes them with, what mongo/connect.ts asks for; with the value that changes nothing. */
const options: readonly (readonly [name: string, harmless?: string])[] = [
  ['readPreference', 'primary'],
  ['readConcernLevel'],
  ['w', 'majority'],
  ['journal', 'true'],
  ['j', 'true'],
  ['wtimeoutMS'],
  ['wtimeout'],
  ['retryWrites', 'true'],
  ['retryReads', 'true'],
];

/** Throws CONFIG_INVALID with the name of the first such option. */
export function refuseDecidedOptions(url: string): void {
  const [, query = ''] = url.split('?');
  for (const [given, value] of new URLSearchParams(query)) {
    // The driver takes names in any case.
    const option = options.find(([name]) => name.toLowerCase() === given.toLowerCase());
    if (option === undefined || option[1] === value) continue;
    throw refuse(
      'MONGODB_URL',
      `must not set the option ${option[0]}, which Understudy sets itself; delete it there`,
    );
  }
}
