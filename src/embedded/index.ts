export type { EmbeddedStore, EmbeddedStoreOptions } from './contract.js';
export { defaultCapBytes, usageOf, type StoreUsage, type UsageLevel } from './usage.js';
export { openEmbeddedStore, joinEmbeddedStore } from './open.js';
export { directoryFacts, type DirectoryFacts } from './directory-facts.js';
