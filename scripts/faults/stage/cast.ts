/** Who is in the world of a round: clients of a bot (B1 …) and of a personal account (A1 …), an operator, the desk. */

import type { LocalTelegram } from '../../../test/emulator/telegram.js';
import type { Account, Channel } from '../../../test/emulator/world/model.js';

export interface Dialog {
  /** The client's name, and so the topic's title. */
  readonly name: string;
  readonly client: Account;
  /** The bot or the account's owner. */
  readonly connection: Account;
}

export interface Cast {
  readonly shop: Account;
  readonly owner: Account;
  readonly desk: Account;
  readonly operator: Account;
  readonly group: Channel;
  readonly dialogs: ReadonlyMap<string, Dialog>;
}

/** Half of the dialogs with the bot, half with the account. */
export function castOf({ world }: LocalTelegram, dialogs: number): Cast {
  const shop = world.createBot({ firstName: 'Shop', username: 'shop_bot', token: '7100000001:AAfaultsShop' });
  const desk = world.createBot({ firstName: 'Desk', username: 'desk_bot', token: '7100000002:AAfaultsDesk' });
  const owner = world.createUser({ firstName: 'Max', phone: '4910000001' });
  const operator = world.createUser({ firstName: 'Olga', phone: '4910000002' });
  const admins = [{ id: desk.id }];
  const group = world.createGroup({ title: 'Team', creator: operator.id, forum: true, admins });
  const names = Array.from({ length: dialogs }, (_, index) => {
    const number = Math.floor(index / 2) + 1;
    return index % 2 === 0 ? `B${number}` : `A${number}`;
  });
  const list = names.map((name, index): [string, Dialog] => {
    const client = world.createUser({ firstName: name, phone: `49200000${String(index).padStart(3, '0')}` });
    return [name, { name, client, connection: name.startsWith('B') ? shop : owner }];
  });
  return { shop, owner, desk, operator, group, dialogs: new Map(list) };
}
