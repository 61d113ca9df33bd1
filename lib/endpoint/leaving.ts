/**
 * Associations that are to leave a shared descriptor since their readers have stopped. As long as
 * one of them cannot, nothing is read: it would have no bound.
 */
import { constants as os } from 'node:os';

import type { EndpointLink } from './endpoint-link';

const { EMFILE, ENFILE, ENOBUFS, ENOMEM } = os.errno;

/** There is no descriptor for another association now, but may be later. */
const NO_DESCRIPTOR = new Set([-EMFILE, -ENFILE, -ENOBUFS, -ENOMEM]);

/** How long to wait for a free descriptor, in ms. */
const RETRY_MS = 100;

export interface LeavingHost {
  /** @returns 0 or negative errno */
  peelOff(link: EndpointLink): number;
  /** Whether any wait may have changed. */
  onChange(): void;
}

export class Leaving {
  readonly #host: LeavingHost;
  readonly #links = new Set<EndpointLink>();
  #retry: NodeJS.Timeout | undefined;

  constructor(host: LeavingHost) {
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#links.size === 0;
  }

  add(link: EndpointLink): void {
    this.#links.add(link);
  }

  /** It has left, or need not. @returns whether it was to */
  delete(link: EndpointLink): boolean {
    return this.#links.delete(link);
  }

  letLeave(): void {
    clearTimeout(this.#retry);
    for (const link of [...this.#links]) {
      // One that the kernel does not have is over, which was not read yet.
      const mustWait = NO_DESCRIPTOR.has(this.#host.peelOff(link)) && !link.isGone();
      if (!mustWait) this.#links.delete(link);
    }
    if (this.#links.size > 0) {
      this.#retry = setTimeout(() => {
        this.letLeave();
      }, RETRY_MS);
    }
    this.#host.onChange();
  }

  close(): void {
    clearTimeout(this.#retry);
  }
}
