/** Questions on stderr, answers from stdin: typed by a person (secrets unseen), or one line each from a pipe. */

import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { GatewayError } from '../domain/errors.js';

export interface Prompt {
  /** The next line. Throws USAGE when stdin has ended or the prompt was closed. */
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
  const echo = openEcho(output);
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let ended = false;
  let reader: Interface | undefined;

  function open(): void {
    if (reader !== undefined) return;
    reader = createInterface({ input, output: echo.stream, terminal: input.isTTY });
    // On a terminal readline takes Ctrl-C as a key of its own.
    reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    reader.on('line', (line) => {
      const next = waiting.shift();
      if (next === undefined) lines.push(line);
      else next(line);
    });
    reader.on('close', end);
  }

  function end(): void {
    ended = true;
    for (const next of waiting.splice(0)) next(undefined);
  }

  function show(question: string): void {
    // On a terminal readline draws the line anew when something is deleted, the question included.
    reader?.setPrompt(question);
    if (input.isTTY) reader?.prompt();
    else output.write(question);
  }

  return {
    async ask(question, secret) {
      if (!ended) open();
      show(question);
      echo.muted = secret;
      const line =
        lines.shift() ??
        (ended ? undefined : await new Promise<string | undefined>((next) => waiting.push(next)));
      echo.muted = false;
      // Nobody has typed a line's end, or it was not shown.
      if (!input.isTTY || secret) output.write('\n');
      if (line === undefined)
        throw new GatewayError('USAGE', 'The input ended before everything was answered.');
      return line.trim();
    },
    tell: (text) => void output.write(`${text}\n`),
    close() {
      end();
      reader?.close();
    },
  };
}

/** Where readline writes what is typed; muted, it is not shown. */
function openEcho(output: NodeJS.WriteStream): { readonly stream: Writable; muted: boolean } {
  const echo = {
    muted: false,
    stream: new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (!echo.muted) output.write(chunk);
        done();
      },
    }),
  };
  return echo;
}
