/** What an event means: the one decision between Telegram's news and our deliveries. Pure; facts are looked up before. */

import type { Owner } from './connection.js';
import type { Dialog } from './dialog.js';
import type { MessageEvent, TelegramEvent } from './event.js';
import { peerOf, peerParts, type DeskId, type Peer } from './ids.js';

export type Decision =
  | { readonly kind: 'drop'; readonly reason: string }
  /** An outgoing message that may be ours: decided again when the send to that peer has ended. */
  | { readonly kind: 'hold' }
  /** A send of ours got its id. */
  | { readonly kind: 'sent'; readonly randomId: string; readonly msgId: number }
  | { readonly kind: 'mirror'; readonly side: 'in' | 'intercepted' }
  | { readonly kind: 'answer'; readonly dialog: Dialog }
  /** An operator typed a command that the desk does not know: it never reaches the client. */
  | { readonly kind: 'unknown-command'; readonly dialog: Dialog }
  /** An operator answered in a topic that the dialog has left for another group: it never reaches the client. */
  | { readonly kind: 'moved-away'; readonly dialog: Dialog };

export interface Facts {
  readonly owner: Owner;
  /** Every bot and account that runs here. */
  readonly ourUsers: ReadonlySet<Peer>;
  readonly backendGroups: ReadonlySet<Peer>;
  /** Connections: a twin link for this very message exists, so we sent it ourselves. */
  readonly known: boolean;
  /** Connections: a send of ours to this peer may be under way. */
  readonly outstanding: boolean;
  /** Desks: the dialog whose topic this is. */
  readonly dialog?: Dialog;
  /** Desks: the one that works in this group. Every bot of a pool sees every operator's message. */
  readonly groupDesk?: DeskId;
}

/** Telegram's own notices (login codes above all) never leave the account. */
export const telegramItself = peerOf('user', 777000);

/** Decides one event; drop reasons are for logs and tests. */
export function route(event: TelegramEvent, facts: Facts): Decision {
  switch (event.kind) {
    case 'sent':
      return { kind: 'sent', randomId: event.randomId, msgId: event.msgId };
    case 'edited':
    case 'deleted':
      return drop('not mirrored yet');
    case 'message':
      return facts.owner.kind === 'desk' ? routeOperator(event, facts) : routeClient(event, facts);
  }
}

function routeClient(event: MessageEvent, facts: Facts): Decision {
  if (facts.backendGroups.has(event.peer)) return drop('backend group');
  if (peerParts(event.peer).kind !== 'user') return drop('groups are not monitored');
  if (event.peer === telegramItself) return drop('Telegram itself');
  if (facts.ourUsers.has(event.peer)) return drop('one of ours');
  if (!event.out) return { kind: 'mirror', side: 'in' };
  if (facts.known) return drop('sent by us');
  if (facts.outstanding) return { kind: 'hold' };
  return { kind: 'mirror', side: 'intercepted' };
}

function routeOperator(event: MessageEvent, facts: Facts): Decision {
  if (event.owner !== facts.groupDesk) return drop('another bot works in this group');
  if (event.out || event.authorIsBot) return drop('written by a bot');
  if (event.service !== undefined) return drop('service message');
  if (event.topic === undefined || event.topic === 1) return drop('General');
  if (facts.dialog === undefined) return drop('a topic of the team');
  const { text } = event.content.text;
  if (text.startsWith('/ ')) return drop('internal comment');
  // Its row says where it lives; the list of groups may not know yet of a connection that another process has just taken up.
  if (facts.dialog.group !== event.peer) return { kind: 'moved-away', dialog: facts.dialog };
  if (text.startsWith('/')) return { kind: 'unknown-command', dialog: facts.dialog };
  return { kind: 'answer', dialog: facts.dialog };
}

function drop(reason: string): Decision {
  return { kind: 'drop', reason };
}
