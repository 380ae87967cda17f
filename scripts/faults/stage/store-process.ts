/** The embedded store as a process of its own, with a cap: `store-process.ts DIRECTORY PORT CAP_BYTES`. */

import { openEmbeddedStore } from '../../../src/embedded/index.js';

const [directory = '', port = '0', capBytes = '0'] = process.argv.slice(2);
const cap = Number(capBytes) > 0 ? { mapBytes: Number(capBytes) } : {};
const store = await openEmbeddedStore({ directory, ...cap });
const bound = await store.listen('127.0.0.1', Number(port));
process.once('SIGTERM', () => void store.close());
process.stdout.write(`${JSON.stringify({ ready: true, port: bound.port })}\n`);
