import { aggregate } from './aggregate.js';
import type { Command } from './call.js';
import { create, drop, dropDatabase, listCollections, listDatabases } from './collections.js';
import { count } from './count.js';
import { deleteCommand } from './delete.js';
import { distinct } from './distinct.js';
import { find } from './find.js';
import { findAndModify } from './find-and-modify.js';
import { getMore, killCursors } from './get-more.js';
import { createIndexes, dropIndexes, listIndexes } from './indexes.js';
import { insert } from './insert.js';
import { buildInfo, connectionStatus, endSessions, getParameter, hello, hostInfo, ping } from './server.js';
import { update } from './update.js';

/** Every command the store takes, by the name it has on the wire. */
export const commands: Readonly<Record<string, Command>> = {
  aggregate,
  buildInfo,
  connectionStatus,
  count,
  create,
  createIndexes,
  delete: deleteCommand,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  endSessions,
  find,
  findAndModify,
  getMore,
  getParameter,
  hello,
  hostInfo,
  insert,
  killCursors,
  listCollections,
  listDatabases,
  listIndexes,
  ping,
  update,
};

/** Older spellings of the same commands. */
export const aliases: Readonly<Record<string, string>> = {
  ismaster: 'hello',
  isMaster: 'hello',
  findandmodify: 'findAndModify',
  buildinfo: 'buildInfo',
};
