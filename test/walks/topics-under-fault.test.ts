import { expect } from 'chai';
import type { Rights } from '../emulator/world/model.js';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

const deskRights: Rights = { delete_messages: true, manage_topics: true, pin_messages: true };
/** "Within seconds": the news of a repair wake what waits; our own looks come every few seconds. */
const secondsMs = 12_000;

describe('topics under fault', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  const say = (text: string, who: 'ann' | 'bob' = 'ann'): void => {
    stage.telegram.world.actAs(stage.cast[who]).send({ kind: 'user', id: stage.cast.shop.id }, { text });
  };
  const operator = () => stage.telegram.world.actAs(stage.cast.olga);
  /** Ann's topic with one post in it. */
  const begun = async (): Promise<number> => {
    say('one');
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the first post');
    return topic;
  };
  /** What stands in General or, without topics, in the one thread. */
  const general = (): string[] =>
    [...stage.cast.group.box.messages.values()]
      .filter(({ body }) => body.topic === undefined && body.action === undefined)
      .map(({ body }) => body.text);
  const called = (name: string): number => stage.telegram.calls.filter((call) => call.name === name).length;
  const topics = (): string[] => [...stage.cast.group.topics.values()].map(({ title }) => title);

  it('T1 a topic closed by hand stays the topic: messages arrive in it, once and in order', async () => {
    const topic = await begun();
    operator().editTopic(stage.cast.group.id, topic, { closed: true });
    say('two');
    say('three');
    await until(() => stage.posts(topic).length === 3, 'both');
    expect(stage.posts(topic)).to.deep.equal(['one', 'two', 'three']);
    expect(topics()).to.deep.equal(['General', 'Ann']);
  });

  it('T1 a topic that Telegram takes nothing into because it is closed is opened again', async () => {
    const { faults } = stage.telegram;
    const topic = await begun();
    operator().editTopic(stage.cast.group.id, topic, { closed: true });
    const when = { method: 'messages.sendMessage', user: BigInt(stage.cast.desk.id) };
    faults.add({ name: 'call.error', code: 400, text: 'TOPIC_CLOSED', when, times: 1 });
    say('two');
    say('three');
    await until(() => stage.posts(topic).length === 3, 'both');
    expect(stage.posts(topic)).to.deep.equal(['one', 'two', 'three']);
    expect(stage.cast.group.topics.get(topic)?.closed).to.equal(false);
    expect(topics()).to.deep.equal(['General', 'Ann']);
  });

  it('T1 M1 rights lost: what needs none goes on, the rest waits, the team reads why, and it arrives when they are back', async () => {
    const { group, desk } = stage.cast;
    const topic = await begun();
    operator().promote(group.id, desk.id, {});
    say('first', 'bob');
    say('second', 'bob');
    await until(() => general().length === 1, 'the note in General');
    expect(general()[0]).to.match(/^⚠️ The service bot lacks rights .* manage topics\. Messages wait/);
    say('two');
    await until(() => stage.posts(topic).length === 2, "Ann's post");
    expect(topics()).to.deep.equal(['General', 'Ann']);
    operator().promote(group.id, desk.id, deskRights);
    const bob = await stage.topic('Bob');
    await until(() => stage.posts(bob).length === 2, "Bob's posts", secondsMs);
    expect(stage.posts(bob)).to.deep.equal(['first', 'second']);
    await until(() => general().length === 2, 'the note that it works');
    expect(general()[1]).to.match(/^✅/);
  });

  it('T1 M1 M5 the desk bot kicked and added again: everything arrives once, in order, and operators are heard', async () => {
    const { ann, desk, group } = stage.cast;
    const topic = await begun();
    operator().promote(group.id, desk.id, {});
    operator().kick(group.id, desk.id);
    const before = called('messages.sendMessage');
    for (const text of ['two', 'three', 'four']) say(text);
    await until(() => called('messages.sendMessage') > before, 'a try that is refused');
    operator().promote(group.id, desk.id, deskRights);
    await until(() => stage.posts(topic).length === 4, 'what waited', secondsMs);
    expect(stage.posts(topic)).to.deep.equal(['one', 'two', 'three', 'four']);
    expect(topics()).to.deep.equal(['General', 'Ann']);
    const answer = operator().send({ kind: 'channel', id: group.id }, { text: 'Here again.', topic });
    await until(() => answer.body.reactions.size > 0, 'the mark');
    expect([...ann.box.messages.values()].at(-1)?.body.text).to.equal('Here again.');
  });

  it('T1 M1 topics turned off and on: nothing stays in the wrong place, the same topic goes on', async () => {
    const { group } = stage.cast;
    const topic = await begun();
    operator().toggleForum(group.id, false);
    for (const text of ['two', 'three']) say(text);
    say('hello', 'bob');
    await until(() => general().some((text) => text.startsWith('⚠️')), 'the note');
    // What Telegram took into the one thread is taken back.
    await until(() => general().every((text) => text.startsWith('⚠️')), 'a clean thread');
    expect(general()).to.have.length(1);
    expect(general()[0]).to.contain('has no topics; turn "Topics" on');
    operator().toggleForum(group.id, true);
    await until(() => stage.posts(topic).length === 3, 'what waited', secondsMs);
    expect(stage.posts(topic)).to.deep.equal(['one', 'two', 'three']);
    const bob = await stage.topic('Bob');
    await until(() => stage.posts(bob).length === 1, "Bob's post", secondsMs);
    expect(topics()).to.deep.equal(['General', 'Ann', 'Bob']);
    await until(() => general().length === 2, 'the note that it works');
    expect(general()[1]).to.match(/^✅/);
  });

  it('T1 M1 a topic deleted while its group had no topics is made again, with everything that waited', async () => {
    const { group } = stage.cast;
    const first = await begun();
    operator().toggleForum(group.id, false);
    say('two');
    await until(() => general().some((text) => text.startsWith('⚠️')), 'the note');
    operator().toggleForum(group.id, true);
    operator().deleteTopic(group.id, first);
    const second = await until(
      () => [...group.topics.values()].find(({ title, deleted }) => title === 'Ann' && !deleted)?.id,
      'a new topic',
      secondsMs,
    );
    await until(() => stage.posts(second).length === 1, 'the second', secondsMs);
    expect(stage.posts(second)).to.deep.equal(['two']);
  });
});
