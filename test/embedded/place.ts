import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import {
  joinEmbeddedStore,
  openEmbeddedStore,
  type EmbeddedStore,
  type EmbeddedStoreOptions,
} from '../../src/embedded/index.js';

/** A directory of a test and everything opened in it, closed in reverse. */
export class Place {
  readonly directory: string;
  readonly #closing: (() => Promise<unknown>)[] = [];

  private constructor(directory: string) {
    this.directory = directory;
    this.#closing.push(() => rm(directory, { recursive: true, force: true }));
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'store-')));
  }

  async open(options: Partial<EmbeddedStoreOptions> = {}): Promise<EmbeddedStore> {
    const store = await openEmbeddedStore({ directory: this.directory, ...options });
    this.#closing.push(() => store.close());
    return store;
  }

  /** The address that another process would find. */
  async joined(): Promise<string | undefined> {
    return (await joinEmbeddedStore(this.directory))?.url;
  }

  async connect(url: string): Promise<MongoClient> {
    const client = await MongoClient.connect(url);
    this.#closing.push(() => client.close());
    return client;
  }

  onClose(step: () => Promise<unknown>): void {
    this.#closing.push(step);
  }

  async close(): Promise<void> {
    for (const step of this.#closing.reverse()) await step();
  }
}
