import { CREATOR_RIGHTS } from '../../world/rights.js';
import { accountOf, actorOf, groupOf, ownerOf, type Act } from '../act.js';
import { accountNamed } from '../names.js';
import { rightsOf } from './newcomers.js';

/** What happens to members and to the group itself. Where `as` is left out, the creator acts. */
export const GROUPS: Readonly<Record<string, Act>> = {
  addMember: (ask) => {
    const group = groupOf(ask);
    const users = [...ask.input.texts('users'), ...ask.input.texts('user')];
    const ids = users.map((name) => accountNamed(ask.world, name).id);
    ownerOf(ask, group).invite(group.id, ids);
    return { group: group.id, users: ids };
  },
  promote: (ask) => {
    const group = groupOf(ask);
    const { id } = accountOf(ask, 'user');
    const given = ask.input.has('rights');
    const rights = given ? rightsOf(rightsValue(ask.input.list('rights')), ask.input) : CREATOR_RIGHTS;
    ownerOf(ask, group).promote(group.id, id, rights, ask.input.maybeText('rank'));
    return { group: group.id, user: id, rights };
  },
  kick: (ask) => {
    const group = groupOf(ask);
    const { id } = accountOf(ask, 'user');
    ownerOf(ask, group).kick(group.id, id);
    return { group: group.id, user: id };
  },
  join: (ask) => ({ group: actorOf(ask).join(groupOf(ask).id).id }),
  leave: (ask) => ({ group: actorOf(ask).leave(groupOf(ask).id).id }),
  rename: (ask) => {
    const group = groupOf(ask);
    ownerOf(ask, group).rename(group.id, ask.input.text('title'));
    return { group: group.id };
  },
  toggleForum: (ask) => {
    const group = groupOf(ask);
    ownerOf(ask, group).toggleForum(group.id, ask.input.flag('enabled', true));
    return { group: group.id };
  },
  deleteGroup: (ask) => {
    const group = groupOf(ask);
    ownerOf(ask, group).deleteChannel(group.id);
    return { group: group.id };
  },
};

/** An object stands in its list alone (see Input.list); names are a list as they are. */
function rightsValue(given: unknown[]): unknown {
  const [first] = given;
  return typeof first === 'object' && first !== null ? first : given;
}
