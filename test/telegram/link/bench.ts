import type { tl } from '@mtcute/tl';
import type { Link, LinkEvent, LinkOptions } from '../../../src/telegram/link/link.js';
import { silentLog } from '../../support/silent-log.js';
import { fastClock } from './fast-clock.js';
import { DC, ScriptedDc, type Heard } from './scripted-dc.js';
import { answer, rpcResult, state } from './wire-bodies.js';

export type OpenLink = (options: LinkOptions) => Promise<Link>;

export const getState = { _: 'updates.getState' } as const;
/** Seconds of the link become milliseconds of the test. */
export const SPEED = 40;

export interface Bench {
  readonly dc: ScriptedDc;
  readonly events: LinkEvent[];
  /** Numbers of the updates that came. */
  readonly updates: number[];
  readonly open: (over?: Partial<LinkOptions>) => Promise<Link>;
}

/** A scripted data centre and what a link on it says; closed after each test. */
export function useBench(openLink: OpenLink): () => Bench {
  let bench: Bench;
  let links: Link[];

  beforeEach(async () => {
    const dc = await new ScriptedDc().listen();
    links = [];
    const events: LinkEvent[] = [];
    const updates: number[] = [];
    const open = async (over: Partial<LinkOptions> = {}) => {
      const link = await openLink({
        server: { kind: 'custom', host: '127.0.0.1', port: dc.port, publicKeyPem: '' },
        dc: DC,
        authKey: dc.authKey,
        identity: { apiId: 1, deviceModel: 'test', appVersion: '1' },
        log: silentLog,
        clock: fastClock(1),
        ...over,
      });
      links.push(link);
      link.onEvent((event) => events.push(event));
      link.onUpdate((updatesObject) => updates.push(numberOf(updatesObject)));
      return link;
    };
    bench = { dc, events, updates, open };
  });

  afterEach(async () => {
    await Promise.all(links.map((link) => link.close()));
    await bench.dc.close();
  });

  return () => bench;
}

export function numberOf(updates: tl.TypeUpdates): number {
  return updates._ === 'updateShort' ? updates.date : -1;
}

export const typesOf = (events: readonly LinkEvent[]) => events.map(({ type }) => type);

/** Ways to deal with the calls of `getState`. */
export function scripts(bench: () => Bench) {
  /** Answers updates.getState with its pts = the number of such calls so far, unless `first` deals with it. */
  const answering =
    (first: (heard: Heard) => boolean = () => false) =>
    (heard: Heard): boolean => {
      if (heard.name !== 'updates.getState') return false;
      if (first(heard)) return true;
      const pts = bench().dc.named('updates.getState').length;
      heard.line.say({ body: rpcResult(heard.msgId, answer('updates.getState', state(pts))) });
      return true;
    };
  const once = (act: (heard: Heard) => void) => {
    let done = false;
    return (heard: Heard) => {
      if (done) return false;
      done = true;
      act(heard);
      return true;
    };
  };

  return { answering, once };
}

export function acknowledged(dc: ScriptedDc): bigint[] {
  return dc.named('msgs_ack').flatMap(({ object }) => object['msg_ids'] as bigint[]);
}
