import { groupOf, ownerOf, type Act, type Ask } from '../act.js';

/** Forum topics; where `as` is left out, the group's creator acts. */
export const TOPICS: Readonly<Record<string, Act>> = {
  createTopic: (ask) => {
    const group = groupOf(ask);
    const iconColor = ask.input.maybeInt('iconColor');
    const { id } = ownerOf(ask, group).createTopic(group.id, {
      title: ask.input.text('title'),
      ...(iconColor === undefined ? {} : { iconColor }),
    });
    return { id };
  },
  editTopic: (ask) => change(ask, { title: ask.input.text('title') }),
  closeTopic: (ask) => change(ask, { closed: true }),
  reopenTopic: (ask) => change(ask, { closed: false }),
  deleteTopic: (ask) => {
    const group = groupOf(ask);
    const { count } = ownerOf(ask, group).deleteTopic(group.id, ask.input.int('topic'));
    return { count };
  },
};

function change(ask: Ask, what: { title?: string; closed?: boolean }) {
  const group = groupOf(ask);
  const { id } = ownerOf(ask, group).editTopic(group.id, ask.input.int('topic'), what);
  return { id };
}
