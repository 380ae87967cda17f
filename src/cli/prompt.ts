/** Questions on stderr, answers from stdin: typed by a person (secrets unseen), or one line each from a pipe. */

import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { GatewayError } from '../domain/errors.js';

export interface Prompt {
  /** The next line. Throws USAGE when stdin has ended. */
  ask(question: string, secret: boolean): Promise<string>;
  /** Text for the person. */
  tell(text: string): void;
  close(): void;
}

/** Reads stdin line by line; lines that came before they were asked for are kept. */
export function openPrompt(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stderr,
): Prompt {
  let muted = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!muted) output.write(chunk);
      done();
    },
  });
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let ended = false;
  let reader: Interface | undefined;

  function open(): void {
    if (reader !== undefined) return;
    reader = createInterface({ input, output: echo, terminal: input.isTTY });
    reader.on('line', (line) => {
      const next = waiting.shift();
      if (next === undefined) lines.push(line);
      else next(line);
    });
    reader.on('close', () => {
      ended = true;
      for (const next of waiting.splice(0)) next(undefined);
    });
  }

  return {
    async ask(question, secret) {
      open();
      output.write(question);
      muted = secret;
      const line =
        lines.shift() ??
        (ended ? undefined : await new Promise<string | undefined>((next) => waiting.push(next)));
      muted = false;
      if (input.isTTY && secret) output.write('\n');
      if (line === undefined)
        throw new GatewayError('USAGE', 'The input ended before everything was answered.');
      return line.trim();
    },
    tell: (text) => void output.write(`${text}\n`),
    close: () => reader?.close(),
  };
}
