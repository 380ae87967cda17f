/** `npm run sandbox -- --check`: the story through real processes, without a browser. */

import type { Stage } from './stage.js';
import { filesAndReplies } from './steps/files-and-replies.js';
import { firstWords } from './steps/first-words.js';
import { gatewayAway } from './steps/gateway-away.js';
import { lastLook } from './steps/last-look.js';
import { newcomers } from './steps/newcomers.js';
import { operatorAnswers } from './steps/operator-answers.js';
import { personalAccount } from './steps/personal-account.js';
import { primaryAway } from './steps/primary-away.js';
import { tellStory } from './story.js';

export function check(stage: Stage, tell: (line: string) => void): Promise<boolean> {
  const steps = [
    firstWords,
    operatorAnswers,
    personalAccount,
    filesAndReplies,
    primaryAway,
    gatewayAway,
    newcomers,
    lastLook,
  ];
  return tellStory(stage, steps, tell);
}
