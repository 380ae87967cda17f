/** The hooks of a walk: a fresh stage with the gateway running for each test, closed after it. */

import { openStage, type Stage, type StageOptions } from './stage.js';

/** Hands each test its stage; `connected` says which way in is logged in before the gateway starts. */
export function withStage(
  connected: 'bot' | 'account',
  hand: (stage: Stage) => void,
  options: StageOptions = {},
): void {
  let stage: Stage | undefined;
  beforeEach(async () => {
    stage = await openStage(options);
    hand(stage);
    await (connected === 'bot' ? stage.connectBot() : stage.connectAccount());
    await stage.start();
  });
  afterEach(() => stage?.close());
}
