import winston from 'winston';
import type { Clock, Log, LogFields } from '../ports/runtime.js';
import { describeThrown, redact } from './redact.js';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface LogOptions {
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Where the lines go; stdout belongs to the commands' answers. */
  readonly stream?: NodeJS.WritableStream;
}

/** JSON lines: `{"level":"warn","time":"2026-…Z","event":"job-failed","job":"…","code":"FLOOD_WAIT","class":"GatewayError"}`. */
export function openLog({ level, clock, stream = process.stderr }: LogOptions): Log {
  const logger = winston.createLogger({
    level,
    format: winston.format.printf((line) => line.message as string),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston types its own transports as interfaces
    transports: [new winston.transports.Stream({ stream })],
  });
  return new WinstonLog(logger, clock, {});
}

class WinstonLog implements Log {
  readonly #logger: winston.Logger;
  readonly #clock: Clock;
  readonly #fields: LogFields;

  constructor(logger: winston.Logger, clock: Clock, fields: LogFields) {
    this.#logger = logger;
    this.#clock = clock;
    this.#fields = fields;
  }

  error(event: string, fields?: LogFields, thrown?: unknown): void {
    this.#write('error', event, fields, thrown);
  }

  warn(event: string, fields?: LogFields, thrown?: unknown): void {
    this.#write('warn', event, fields, thrown);
  }

  info(event: string, fields?: LogFields, thrown?: unknown): void {
    this.#write('info', event, fields, thrown);
  }

  debug(event: string, fields?: LogFields, thrown?: unknown): void {
    this.#write('debug', event, fields, thrown);
  }

  child(fields: LogFields): Log {
    return new WinstonLog(this.#logger, this.#clock, { ...this.#fields, ...fields });
  }

  /** The whole line is built here from what passed `redact`: winston is handed no value that it could add by itself. */
  #write(level: LogLevel, event: string, fields: LogFields = {}, thrown?: unknown): void {
    if (!this.#logger.isLevelEnabled(level)) return;
    const line = {
      ...redact({ ...this.#fields, ...fields }),
      ...(thrown === undefined ? {} : describeThrown(thrown, this.#logger.isLevelEnabled('debug'))),
    };
    const time = new Date(this.#clock.now()).toISOString();
    this.#logger.log(level, JSON.stringify({ level, time, event, ...line }));
  }
}
