import type { Tl } from '../types.js';
import type { Caller } from './api.js';
import type { Channel } from './place.js';
import type { Session } from './session.js';

/** The caller of one request, as handlers see it. */
export class SessionCaller implements Caller {
  private readonly session: Session;
  readonly dc: number;
  readonly address: string;

  constructor(session: Session, { dc, address }: Channel) {
    this.session = session;
    this.dc = dc;
    this.address = address;
  }

  get authKeyId(): string {
    return this.session.key.name;
  }

  get sessionId(): string {
    return this.session.name;
  }

  get layer(): number {
    return this.session.layer;
  }

  get userId(): bigint | undefined {
    return this.session.key.userId;
  }

  get device(): Tl | undefined {
    return this.session.key.device;
  }

  get scratch(): Map<string, unknown> {
    return this.session.key.scratch;
  }

  bind(userId: bigint): void {
    this.session.key.userId = userId;
  }

  unbind(): void {
    this.session.key.userId = undefined;
  }
}
