/** What every core behind `Link` must do, byte for byte; the messages are those of core.telegram.org/mtproto. */

import { useBench, type OpenLink } from './bench.js';
import { callingConformance } from './conformance-calling.js';
import { correctingConformance } from './conformance-correcting.js';
import { losingConformance } from './conformance-losing.js';
import { readingConformance } from './conformance-reading.js';

export function linkConformance(core: string, openLink: OpenLink): void {
  describe(`a link over ${core}`, () => {
    const bench = useBench(openLink);
    readingConformance(bench);
    correctingConformance(bench);
    losingConformance(bench);
    callingConformance(bench);
  });
}
