/** Collection `dialogs`: one row per peer of a connection, with its topic. */

import type { Collection, Db, Filter } from 'mongodb';
import { placeOf, topicAfterMove, type Dialog, type TopicState } from '../domain/dialog.js';
import { GatewayError } from '../domain/errors.js';
import type { DialogId } from '../domain/ids.js';
import type { Dialogs } from '../ports/store.js';
import { fromRow, isDuplicate, toRow, type Row } from './rows.js';

export function createDialogs(db: Db): Dialogs {
  const rows = db.collection<Row<Dialog>>('dialogs');

  async function stored(id: DialogId): Promise<Dialog> {
    const row = await rows.findOne({ _id: id });
    if (row === null) throw new GatewayError('INTERNAL', `dialog ${id} has no row`);
    return fromRow<Dialog>(row);
  }

  return {
    async get(id) {
      return read(await rows.findOne({ _id: id }));
    },
    async ensure(dialog) {
      const found = await rows.findOne({ _id: dialog.id });
      if (found !== null) return fromRow<Dialog>(found);
      try {
        await rows.insertOne(toRow(dialog));
        return dialog;
      } catch (error) {
        if (isDuplicate(error)) return stored(dialog.id);
        throw error;
      }
    },
    async claimTopic(id, randomId) {
      const topic: TopicState = { state: 'creating', randomId };
      await rows.updateOne({ _id: id, 'topic.state': 'none' }, { $set: { topic } });
      return stored(id);
    },
    async reclaimTopic(id, former, randomId) {
      await rows.updateOne(creating(id, former), { $set: { topic: { state: 'creating', randomId } } });
    },
    async openTopic(id, randomId, topicId) {
      const topic: TopicState = { state: 'open', randomId, id: topicId };
      await rows.updateOne(creating(id, randomId), { $set: { topic } });
      return stored(id);
    },
    async forgetTopic(id, group, topicId) {
      await rows.updateOne(
        { _id: id, group, 'topic.id': topicId },
        { $set: { topic: { state: 'none' } }, $addToSet: { formerPlaces: placeOf(group, topicId) } },
      );
    },
    async move(dialog, group) {
      const { id, topic } = dialog;
      const left =
        topic.state === 'open' ? { $addToSet: { formerPlaces: placeOf(dialog.group, topic.id) } } : {};
      await rows.updateOne(
        { _id: id, group: dialog.group, ...sameTopic(topic) },
        { $set: { group, topic: topicAfterMove(dialog, group) }, ...left },
      );
    },
    ...finding(rows),
  };
}

function finding(rows: Collection<Row<Dialog>>): Pick<Dialogs, 'byTopic' | 'byTopicRandomIds'> {
  return {
    async byTopic(group, topicId) {
      const row =
        (await rows.findOne({ group, 'topic.id': topicId })) ??
        (await rows.findOne({ formerPlaces: placeOf(group, topicId) }));
      return read(row);
    },
    async byTopicRandomIds(randomIds) {
      const found = await rows.find({ 'topic.randomId': { $in: [...randomIds] } }).toArray();
      return new Map(found.flatMap((row) => byRandomId(fromRow<Dialog>(row))));
    },
  };
}

function creating(id: DialogId, randomId: string): Filter<Row<Dialog>> {
  return { _id: id, 'topic.state': 'creating', 'topic.randomId': randomId };
}

function sameTopic(topic: TopicState): Filter<Row<Dialog>> {
  if (topic.state === 'none') return { 'topic.state': 'none' };
  return topic.state === 'open'
    ? { 'topic.id': topic.id }
    : { 'topic.state': 'creating', 'topic.randomId': topic.randomId };
}

function read(row: Row<Dialog> | null): Dialog | undefined {
  return row === null ? undefined : fromRow<Dialog>(row);
}

function byRandomId(dialog: Dialog): readonly (readonly [string, Dialog])[] {
  return dialog.topic.state === 'none' ? [] : [[dialog.topic.randomId, dialog]];
}
