import type { tl } from '@mtcute/tl';
import type { CallOptions, Caller, LinkOptions } from '../link/link.js';
import { PersistentLink } from '../link/persistent-link.js';
import { isRpcError } from './errors.js';
import { attempt, contextFor } from './middlewares/deadline.js';

/** The session that the links for files belong to. */
export interface Home extends Caller {
  readonly dc: number;
  readonly authKey: Uint8Array;
}

/** One link for files per DC, opened when first asked for: the home DC's shares the key, the others import the authorisation. */
export class MediaLinks {
  readonly #options: LinkOptions;
  readonly #home: () => Home;
  readonly #links = new Map<number, { readonly link: PersistentLink; readonly ready: Promise<Caller> }>();

  constructor(options: LinkOptions, home: () => Home) {
    this.#options = options;
    this.#home = home;
  }

  /** Rejects like a call where the authorisation can't be brought to that DC; the next one tries again. */
  async open(dc: number): Promise<Caller> {
    const known = this.#links.get(dc);
    if (known !== undefined) return known.ready;
    const link = this.#newLink(dc);
    const ready = this.#prepare(dc, link);
    this.#links.set(dc, { link, ready });
    try {
      return await ready;
    } catch (thrown) {
      this.#links.delete(dc);
      await link.close();
      throw thrown;
    }
  }

  async close(): Promise<void> {
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(links.map(({ link }) => link.close()));
  }

  #newLink(dc: number): PersistentLink {
    const { authKey: _, onAuthKey: __, ...options } = this.#options;
    const home = this.#home();
    const key = dc === home.dc ? { authKey: home.authKey } : {};
    const link = new PersistentLink({ ...options, ...key, dc, purpose: 'files' });
    link.onEvent((event) => {
      // The next transfer opens a new one; whether the whole session is dead its main link will say.
      if (event.type === 'dead') this.#links.delete(dc);
    });
    return link.start();
  }

  async #prepare(dc: number, link: PersistentLink): Promise<Caller> {
    const { clock } = this.#options;
    const isForeign = dc !== this.#home().dc;
    if (isForeign) await this.#authorise(dc, link);
    const once = attempt(() => link, clock);
    const call = async (request: tl.RpcMethod, options: CallOptions): Promise<unknown> => {
      const context = contextFor(request, options, clock);
      try {
        return await once(request, context);
      } catch (thrown) {
        if (!isForeign || !isRpcError(thrown, 'AUTH_KEY_UNREGISTERED')) throw thrown;
        await this.#authorise(dc, link);
        return once(request, context);
      }
    };
    return { call: (request, options = {}) => call(request, options) };
  }

  async #authorise(dc: number, link: PersistentLink): Promise<void> {
    const { id, bytes } = await this.#home().call({ _: 'auth.exportAuthorization', dcId: dc });
    await link.call({ _: 'auth.importAuthorization', id, bytes });
  }
}
