export type { EmbeddedStore, EmbeddedStoreOptions } from './contract.js';
export { openEmbeddedStore, joinEmbeddedStore } from './open.js';
