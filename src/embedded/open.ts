import { GatewayError } from '../domain/errors.js';
import type { EmbeddedStore, EmbeddedStoreOptions } from './contract.js';

/**
 * Takes the directory's lock and serves its documents over a 0600 unix socket from a worker thread.
 * @throws GatewayError DIRECTORY_IN_USE (detail: the holder's pid)
 */
export async function openEmbeddedStore(_options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  throw new GatewayError('INTERNAL', 'the embedded store is being built');
}

/** The address of a living store in this directory, or undefined if no living process holds its lock. */
export async function joinEmbeddedStore(_directory: string): Promise<{ url: string } | undefined> {
  throw new GatewayError('INTERNAL', 'the embedded store is being built');
}
