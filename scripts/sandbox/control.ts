/** The control channel of the local Telegram: people's hands and eyes (test/emulator/control/). */

export interface Media {
  readonly kind: string;
  readonly name: string | null;
  readonly size: number;
  readonly mime: string;
  /** Absent for what has no file (a place, a contact). */
  readonly file?: string;
}

export interface Message {
  readonly id: number;
  readonly date: number;
  readonly from: { readonly id: number; readonly name: string };
  readonly text: string;
  readonly media?: Media;
  /** A service message. */
  readonly action?: unknown;
  readonly replyTo?: number;
  readonly groupedId?: string;
  readonly reactions?: readonly { readonly emoji: string }[];
}

export interface Account {
  readonly id: number;
  readonly firstName: string;
  readonly chats: readonly { readonly name: string; readonly messages: readonly Message[] }[];
}

export interface Topic {
  readonly id: number;
  readonly title: string;
  readonly deleted: boolean;
  readonly messages: readonly Message[];
}

export interface World {
  readonly users: readonly Account[];
  readonly bots: readonly Account[];
  readonly groups: readonly {
    readonly title: string;
    readonly chatId: number;
    readonly topics: readonly Topic[];
  }[];
}

/** What is attached; a `size` instead of bytes generates the same ones for the same seed. */
export interface Attachment {
  readonly kind: 'photo' | 'document' | 'video' | 'audio' | 'voice';
  readonly name?: string;
  readonly mime?: string;
  readonly base64?: string;
  readonly size?: number;
  readonly seed?: string;
}

export interface Draft {
  readonly text?: string;
  readonly file?: Attachment;
  readonly topic?: number;
  readonly replyTo?: number;
}

export type Control = ReturnType<typeof createControl>;

/** Every call throws an Error with Telegram's own name where Telegram refuses. */
export function createControl(base: string) {
  const act = (body: object): Promise<unknown> =>
    ask(`${base}/act`, { method: 'POST', body: JSON.stringify(body) });
  return {
    world: () => ask(`${base}/world`) as Promise<World>,
    /** The message's id as its author counts. */
    async send(as: string, to: string, draft: Draft): Promise<number> {
      const { id } = (await act({ act: 'send', as, to, ...draft })) as { id: number };
      return id;
    },
    sendAlbum: (
      as: string,
      to: string,
      files: readonly Attachment[],
      draft: Omit<Draft, 'file'>,
    ): Promise<unknown> => act({ act: 'sendAlbum', as, to, files, ...draft }),
    /** The login code that the phone shows, as soon as one was asked for. */
    code: async (phone: string) =>
      ((await ask(`${base}/code?phone=${phone}`)) as { code: string | null }).code,
    limits: (enabled: boolean) =>
      ask(`${base}/limits`, { method: 'POST', body: JSON.stringify({ enabled }) }),
    async sha256(file: string): Promise<string> {
      return ((await ask(`${base}/file?sha256&file=${file}`)) as { sha256: string }).sha256;
    },
    async bytes(file: string): Promise<Buffer> {
      const response = await fetch(`${base}/file?file=${encodeURIComponent(file)}`);
      if (!response.ok) throw new Error(`no file ${file}`);
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

async function ask(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, init);
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error((answer as { error?: string }).error ?? `HTTP ${response.status}`);
  return answer;
}
