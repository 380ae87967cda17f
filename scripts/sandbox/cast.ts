/** Who is in the sandbox's world. The world file of the local Telegram is made of this. */

export const cast = {
  clients: [
    { firstName: 'Ann', username: 'ann', phone: '4910000001' },
    { firstName: 'Bob', username: 'bob', phone: '4910000002' },
    { firstName: 'Cleo', username: 'cleo', phone: '4910000003' },
    { firstName: 'Dan', username: 'dan', phone: '4910000004' },
  ],
  /** Answers in the backend group. */
  operator: { firstName: 'Olga', username: 'olga', phone: '4910000005' },
  /** Owns the personal account, and goes on using it from a phone. */
  owner: { firstName: 'Max', username: 'max', phone: '4910000006' },
  /** The company's bot, whose program is the primary. */
  shop: { firstName: 'Shop', username: 'shop_bot', token: '7100000001:AAsandboxShop' },
  /** The gateway's service bot: it posts in the backend group. */
  desk: { firstName: 'Desk', username: 'desk_bot', token: '7100000002:AAsandboxDesk' },
  group: 'Team',
} as const;

export function worldFile(): object {
  return {
    users: [...cast.clients, cast.operator, cast.owner],
    bots: [cast.shop, cast.desk],
    groups: [
      {
        title: cast.group,
        creator: cast.operator.username,
        forum: true,
        admins: [{ who: cast.desk.username }],
      },
    ],
  };
}
