/** What the main thread and the store's worker say to each other. */

import type { StoreUsage } from './usage.js';

export interface WorkerOptions {
  /** LMDB's directory. */
  readonly path: string;
  readonly capBytes: number;
  readonly socket: string;
}

export type Order =
  { readonly kind: 'listen'; readonly host: string; readonly port: number } | { readonly kind: 'close' };

export type Report =
  | { readonly kind: 'ready' }
  /** Said at any time; everything else answers an order. */
  | { readonly kind: 'usage'; readonly usage: StoreUsage }
  | { readonly kind: 'listening'; readonly host: string; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'closed' };
