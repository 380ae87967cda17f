import bigInt from 'big-integer';
import { expect } from 'chai';
import { Api, type TelegramClient } from 'telegram';
import { next, stage, type Stage } from './stage.js';

describe('forum topics over the local Telegram with stock GramJS', () => {
  let town: Stage;
  let client: TelegramClient;
  let channel: Api.InputChannel;

  beforeEach(async () => {
    town = await stage();
    client = await town.asBot(town.bot);
    // Bots may leave the hash of their own groups out.
    const bare = new Api.InputChannel({ channelId: bigInt(town.forum.id), accessHash: bigInt(0) });
    const { chats } = await client.invoke(new Api.channels.GetChannels({ id: [bare] }));
    const [found] = chats as Api.Channel[];
    channel = new Api.InputChannel({
      channelId: found?.id ?? bigInt(0),
      accessHash: found?.accessHash ?? bigInt(0),
    });
  });

  afterEach(() => town.close());

  const create = async (title: string, randomId = 0): Promise<number> => {
    const answer = (await client.invoke(
      new Api.channels.CreateForumTopic({
        channel,
        title,
        ...(randomId ? { randomId: bigInt(randomId) } : {}),
      }),
    )) as Api.Updates;
    return (answer.updates[0] as Api.UpdateMessageID).id;
  };

  it('O2 a topic is the id of its service message, and a message stands in it', async () => {
    const topic = await create('Dialog of Anna');
    const created = town.forum.box.messages.get(topic);
    expect(created?.body.action?._).to.equal('messageActionTopicCreate');
    const sent = await client.sendMessage(channel, { message: 'copy', replyTo: topic });
    expect(sent.replyTo).to.include({ forumTopic: true, replyToMsgId: topic });
    const inside = await client.sendMessage(channel, { message: 'reply', replyTo: sent.id, topMsgId: topic });
    expect(inside.replyTo).to.include({ forumTopic: true, replyToMsgId: sent.id, replyToTopId: topic });
    const general = await client.sendMessage(channel, { message: 'lobby' });
    expect(general.replyTo ?? undefined).to.equal(undefined);
  });

  it('O2 a repeated creation makes no second topic, and the channel difference names the first', async () => {
    const { pts } = town.forum.box;
    const topic = await create('Once', 99);
    const again = await create('Once', 99).catch((error: unknown) => String(error));
    expect(again).to.contain('RANDOM_ID_DUPLICATE');
    expect(town.forum.topics.size).to.equal(2);
    const difference = await client.invoke(
      new Api.updates.GetChannelDifference({
        channel,
        filter: new Api.ChannelMessagesFilterEmpty(),
        pts,
        limit: 100,
      }),
    );
    if (!(difference instanceof Api.updates.ChannelDifference)) throw new Error('news were expected');
    const [mapping] = difference.otherUpdates as Api.UpdateMessageID[];
    expect([mapping?.id, mapping?.randomId?.toString()]).to.deep.equal([topic, '99']);
    expect(difference.final).to.equal(true);
  });

  it('O2 an operator writes in the topic and the admin bot reads it, but no other bot’s words', async () => {
    const topic = await create('Dialog');
    const anna = town.telegram.world.actAs(town.anna);
    const other = town.telegram.world.actAs(town.otherBot);
    const arrived = next(client, Api.UpdateNewChannelMessage);
    const place = { kind: 'channel' as const, id: town.forum.id };
    const before = town.forum.box.pts;
    other.send(place, { text: 'a bot speaks', topic });
    anna.send(place, { text: 'an operator speaks', topic });
    const { message, pts, ptsCount } = await arrived;
    expect((message as Api.Message).message).to.equal('an operator speaks');
    expect([pts, ptsCount]).to.deep.equal([before + 2, 1]);
    const difference = await client.invoke(
      new Api.updates.GetChannelDifference({
        channel,
        filter: new Api.ChannelMessagesFilterEmpty(),
        pts: before,
        limit: 1,
      }),
    );
    // The one event inside the limit is invisible: empty, but the sequence moves on.
    expect(difference).to.include({ className: 'updates.ChannelDifferenceEmpty', pts: before + 1 });
    expect((difference as Api.updates.ChannelDifferenceEmpty).final).to.equal(false);
  });

  it('O2 closed and deleted topics refuse, each by its own name', async () => {
    const topic = await create('Short-lived');
    await client.invoke(new Api.channels.EditForumTopic({ channel, topicId: topic, closed: true }));
    const other = town.telegram.world.actAs(town.otherBot);
    const place = { kind: 'channel' as const, id: town.forum.id };
    expect(() => other.send(place, { text: 'x', topic })).to.throw('TOPIC_CLOSED');
    await client.invoke(new Api.channels.DeleteTopicHistory({ channel, topMsgId: topic }));
    const refused = await client
      .sendMessage(channel, { message: 'x', replyTo: topic })
      .catch((error: unknown) => String(error));
    expect(refused).to.contain('TOPIC_DELETED');
  });

  it('O2 listing topics is for people under layer 198', async () => {
    await create('One');
    const list = { channel, limit: 10, offsetDate: 0, offsetId: 0, offsetTopic: 0 };
    const refused = await client
      .invoke(new Api.channels.GetForumTopics(list))
      .catch((error: unknown) => String(error));
    expect(refused).to.contain('BOT_METHOD_INVALID');
    const anna = await town.asPerson(town.anna);
    const [dialog] = await anna.getDialogs({});
    const own = await anna.invoke(
      new Api.channels.GetForumTopics({ ...list, channel: dialog?.inputEntity as never }),
    );
    const titles = own.topics.map((topic) => (topic as Api.ForumTopic).title);
    expect(titles).to.have.members(['General', 'One']);
  });
});
