/** A client's topic in the group, as the operator finds it: by its title. */

import type { Channel, Topic } from '../../../test/emulator/world/model.js';

export function liveTopic(group: Channel, title: string): Topic | undefined {
  return [...group.topics.values()].find((topic) => topic.title === title && !topic.deleted);
}
