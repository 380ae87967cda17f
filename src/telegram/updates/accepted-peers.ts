/** Peers that count as known: full ones, and those a difference has brought, because asking again would bring nothing better. */
import type { PeerBook, WithPeers } from './ports.js';
import type { Answer } from './protocol.js';

const mostRemembered = 10_000;

export interface AcceptedPeers {
  knows: PeerBook['knows'];
  /** The peers of an answer, however short. */
  accept(answer: Answer): void;
}

export function createAcceptedPeers(peers: Pick<PeerBook, 'knows'>, self: number): AcceptedPeers {
  const accepted = new Set<string>();

  function remember(name: string): void {
    accepted.delete(name);
    accepted.add(name);
    const [oldest] = accepted;
    if (accepted.size > mostRemembered && oldest !== undefined) accepted.delete(oldest);
  }

  return {
    knows: (kind, id) =>
      (kind === 'user' && id === self) || accepted.has(`${kind}${id}`) || peers.knows(kind, id),
    accept({ result }) {
      if (!hasPeers(result)) return;
      for (const { id } of result.users) remember(`user${id}`);
      for (const chat of result.chats)
        remember(`${chat._.startsWith('channel') ? 'channel' : 'chat'}${chat.id}`);
    },
  };
}

function hasPeers(result: Answer['result']): result is Extract<Answer['result'], WithPeers> {
  return 'users' in result && 'chats' in result;
}
