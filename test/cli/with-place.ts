/** The hooks of programs that are played with: their place, opened for each test or once for all; what still runs is ended before it closes. */

import { openPlace, type Place } from './place.js';
import { killPrograms } from './process.js';

export function withPlace(opened: 'once' | 'each', hand: (place: Place) => void): void {
  let place: Place | undefined;
  const open = async (): Promise<void> => hand((place = await openPlace()));
  const close = async (): Promise<void> => {
    await killPrograms();
    await place?.close();
  };
  if (opened === 'once') {
    before(open);
    after(close);
  } else {
    beforeEach(open);
    afterEach(close);
  }
}
