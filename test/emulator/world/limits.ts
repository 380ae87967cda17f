import { RpcError } from '../types.js';
import type { Clock } from './clock.js';

/** Posting limits as reported for Telegram (an assumption: exact values are unpublished); 0 switches one off. */
export interface LimitSettings {
  enabled: boolean;
  /** Sends, edits and new topics of one bot in one group, per minute. */
  groupPerMinute: number;
  /** Mean rate of one bot in one chat: `chatBurst` posts in any `chatBurst / chatPerSecond` seconds. */
  chatPerSecond: number;
  chatBurst: number;
  /** Of one bot over all chats, per second. */
  botPerSecond: number;
}

export const TELEGRAM_LIMITS: LimitSettings = {
  enabled: true,
  groupPerMinute: 20,
  chatPerSecond: 1,
  chatBurst: 5,
  botPerSecond: 30,
};

/** Counts what bots post. One set of counters for MTProto and Bot API. */
export class Limits {
  settings: LimitSettings;
  readonly #clock: Clock;
  readonly #windows = new Map<string, number[]>();

  constructor(clock: Clock, settings: Partial<LimitSettings> = {}) {
    this.#clock = clock;
    this.settings = { ...TELEGRAM_LIMITS, ...settings };
  }

  /** Changes some settings and forgets what was counted. */
  set(settings: Partial<LimitSettings>): void {
    this.settings = { ...this.settings, ...settings };
    this.#windows.clear();
  }

  /** Takes `count` posts of a bot in a chat, or throws FLOOD_WAIT_X (nothing is counted then). */
  take(botId: number, chat: string, group: boolean, count = 1): void {
    const { enabled, groupPerMinute, chatPerSecond, chatBurst, botPerSecond } = this.settings;
    if (!enabled) return;
    const windows: [key: string, limit: number, spanMs: number][] = [[`${botId}`, botPerSecond, 1000]];
    if (group) windows.push([`${botId}:${chat}:minute`, groupPerMinute, 60_000]);
    if (chatPerSecond > 0) {
      windows.push([`${botId}:${chat}:second`, chatBurst, (chatBurst / chatPerSecond) * 1000]);
    }
    const limited = windows.filter(([, limit]) => limit > 0);
    const waitMs = Math.max(0, ...limited.map(([key, limit, span]) => this.#waitMs(key, limit, span, count)));
    if (waitMs > 0) throw new RpcError(420, `FLOOD_WAIT_${Math.ceil(waitMs / 1000)}`);
    const now = this.#clock.now();
    for (const [key] of limited) {
      const stamps = this.#windows.get(key) ?? [];
      for (let index = 0; index < count; index += 1) stamps.push(now);
      this.#windows.set(key, stamps);
    }
  }

  /** An album larger than the limit passes when the window is empty, as the first thing in it. */
  #waitMs(key: string, limit: number, spanMs: number, count: number): number {
    const stamps = this.#windows.get(key);
    if (!stamps) return 0;
    const now = this.#clock.now();
    while (stamps[0] !== undefined && stamps[0] <= now - spanMs) stamps.shift();
    const over = stamps.length + count - limit;
    if (over <= 0 || stamps.length === 0) return 0;
    const oldest = stamps[Math.min(over, stamps.length) - 1] ?? now;
    return oldest + spanMs - now;
  }
}
