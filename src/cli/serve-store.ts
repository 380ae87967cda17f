/** `npm run store -- --listen HOST:PORT --data DIR`: a data directory over TCP on loopback, for any MongoDB driver or shell. */

import { isAbsolute, resolve } from 'node:path';
import { openDirectory } from '../app/installation.js';
import { readPlaceSettings } from '../config/settings.js';
import { GatewayError } from '../domain/errors.js';
import { systemClock } from '../runtime/clock.js';
import { openLog } from '../runtime/log.js';
import { withScope } from '../runtime/scope.js';

/** Serves until a signal comes; prints `{"ready":true,"url":…}` once. Throws DIRECTORY_IN_USE, USAGE. */
export async function serveStore(options: { listen: string; data?: string }): Promise<void> {
  const place = readPlaceSettings();
  const { host, port } = addressOf(options.listen);
  const given = options.data ?? place.dataDir;
  const directory = isAbsolute(given) ? given : resolve(given);
  const clock = systemClock;
  const log = openLog({ level: place.logLevel, clock });
  await withScope({ clock, log }, async (scope) => {
    const store = await scope.open(
      'store',
      () => openDirectory(directory, { log, fail: (error) => scope.fail(error) }),
      (opened) => opened.close(),
    );
    const bound = await store.listen(host, port).catch((error: unknown) => {
      throw listeningError(error, options.listen);
    });
    const url = `mongodb://${bound.host}:${bound.port}/understudy?directConnection=true`;
    process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
    await scope.stopped();
  });
}

function addressOf(text: string): { host: string; port: number } {
  const match = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new GatewayError(
      'USAGE',
      'The store listens on loopback only; write --listen like 127.0.0.1:27017.',
    );
  }
  return { host: (match[1] ?? '').replace(/[[\]]/g, ''), port };
}

/** The store's thread reports the system's refusal as text. */
function listeningError(error: unknown, address: string): unknown {
  const code = error instanceof GatewayError ? /\bE[A-Z]{4,}\b/.exec(error.detail)?.[0] : undefined;
  if (code === undefined) return error;
  return new GatewayError(
    'USAGE',
    `Nothing can listen on ${address} (${code}); give another port, or 0 for any free one.`,
  );
}
