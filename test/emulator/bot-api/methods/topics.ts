import type { TopicChange } from '../../world/actor.js';
import { GENERAL } from '../ids.js';
import { groupOf, type Call, type Method } from '../call.js';
import type { Json } from '../../http/json.js';

/** Forum topics. */
export const TOPICS: Readonly<Record<string, Method>> = {
  createForumTopic,
  editForumTopic: (call) => change(call, threadOf(call), namesOf(call)),
  closeForumTopic: (call) => change(call, threadOf(call), { closed: true }),
  reopenForumTopic: (call) => change(call, threadOf(call), { closed: false }),
  deleteForumTopic: (call) => {
    call.actor.deleteTopic(groupOf(call).id, threadOf(call));
    return true;
  },
  unpinAllForumTopicMessages: (call) => unpin(call, threadOf(call)),
  editGeneralForumTopic: (call) => change(call, GENERAL, namesOf(call)),
  closeGeneralForumTopic: (call) => change(call, GENERAL, { closed: true }),
  reopenGeneralForumTopic: (call) => change(call, GENERAL, { closed: false }),
  hideGeneralForumTopic: (call) => change(call, GENERAL, { hidden: true }),
  unhideGeneralForumTopic: (call) => change(call, GENERAL, { hidden: false }),
  unpinAllGeneralForumTopicMessages: (call) => unpin(call, GENERAL),
};

function createForumTopic(call: Call): Json {
  const { params } = call;
  const iconColor = params.int('icon_color');
  const icon = params.text('icon_custom_emoji_id');
  const topic = call.actor.createTopic(groupOf(call).id, {
    title: params.requiredText('name'),
    ...(iconColor === undefined ? {} : { iconColor }),
    ...(icon === undefined ? {} : { iconEmojiId: BigInt(icon) }),
  });
  return {
    message_thread_id: topic.id,
    name: topic.title,
    icon_color: topic.iconColor,
    ...(icon === undefined ? {} : { icon_custom_emoji_id: icon }),
  };
}

function change(call: Call, topic: number, what: TopicChange): boolean {
  call.actor.editTopic(groupOf(call).id, topic, what);
  return true;
}

function unpin(call: Call, topic: number): boolean {
  call.actor.unpinAll({ kind: 'channel', id: groupOf(call).id }, topic);
  return true;
}

function threadOf({ params }: Call): number {
  return params.requiredInt('message_thread_id');
}

function namesOf({ params }: Call): TopicChange {
  const title = params.text('name');
  const icon = params.text('icon_custom_emoji_id');
  return {
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { iconEmojiId: BigInt(icon) }),
  };
}
