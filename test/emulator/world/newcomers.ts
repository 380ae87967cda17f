import { MessageBox } from './box.js';
import type { Account, Rights, Topic } from './model.js';

export interface UserDraft {
  firstName: string;
  lastName?: string;
  username?: string;
  /** With or without plus and blanks. */
  phone?: string;
  password?: string;
  langCode?: string;
  premium?: boolean;
  dc?: number;
}

export interface BotDraft {
  firstName: string;
  username: string;
  /** `ID:SECRET`; the id in front becomes the account id. */
  token?: string;
  /** Default true, as at BotFather. */
  privacy?: boolean;
  dc?: number;
}

/** Settings of a group that is there from the start. */
export interface GroupDraft {
  title: string;
  /** Account id of the creator; every group has one. */
  creator: number;
  forum?: boolean;
  broadcast?: boolean;
  username?: string;
  members?: number[];
  admins?: { id: number; rights?: Rights }[];
}

export function newAccount(id: number, draft: UserDraft & Partial<BotDraft>, dc: number): Account {
  const box = new MessageBox({ kind: 'user', id });
  return {
    id,
    firstName: draft.firstName,
    dc: draft.dc ?? dc,
    box,
    qts: 0,
    qtsLog: [],
    dialogs: new Map(),
    blocked: new Set(),
    sent: new Map(),
    ...(draft.lastName === undefined ? {} : { lastName: draft.lastName }),
    ...(draft.username === undefined ? {} : { username: draft.username }),
    ...(draft.phone === undefined ? {} : { phone: draft.phone.replace(/\D/g, '') }),
    ...(draft.password === undefined ? {} : { password: draft.password }),
    ...(draft.langCode === undefined ? {} : { langCode: draft.langCode }),
    ...(draft.premium ? { premium: true as const } : {}),
    ...(draft.token === undefined
      ? {}
      : {
          bot: {
            token: draft.token,
            privacy: draft.privacy ?? true,
            canJoinGroups: true,
            commands: new Map(),
          },
        }),
  };
}

/** The topic that every forum has. */
export function general(creatorId: number, date: number): Topic {
  return {
    id: 1,
    title: 'General',
    iconColor: 0x6fb9f0,
    creatorId,
    date,
    closed: false,
    hidden: false,
    pinned: false,
    deleted: false,
  };
}
