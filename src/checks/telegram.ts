/** Our clock against Telegram's: message ids carry the time, and Telegram refuses those that are far off. */

import { fine, seconds, warning, type Finding } from './finding.js';

/** Telegram tells whole seconds; the link corrects itself, so only a clock that is clearly wrong is worth a word. */
const toleranceMs = 5_000;

export function judgeTelegramClock(aheadMs: number): Finding {
  const name = 'Telegram clock';
  if (Math.abs(aheadMs) <= toleranceMs) return fine(name, 'agrees with ours');
  return warning(
    name,
    'telegram-clock-apart',
    `The clock of this machine is ${seconds(aheadMs)} off Telegram's; set it by NTP, for example with: timedatectl set-ntp true.`,
  );
}
