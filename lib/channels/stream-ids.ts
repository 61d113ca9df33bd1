/** Which stream a new channel gets (RFC 8832 §6): one parity for each end. */
import type { Role } from '../../types/data-channels';
import { LARGEST_ID } from './channel-init';

export class StreamIds {
  readonly #parity: 0 | 1;
  /** Below it none of our parity is free. */
  #from: number;

  constructor(role: Role) {
    this.#parity = role === 'client' ? 0 : 1;
    this.#from = this.#parity;
  }

  isOurs(id: number): boolean {
    return id % 2 === this.#parity;
  }

  /** The lowest free one, if there is any. */
  next(isTaken: (id: number) => boolean, streams: number): number | undefined {
    for (let id = this.#from; id <= LARGEST_ID && id < streams; id += 2) {
      if (isTaken(id)) continue;
      this.#from = id;
      return id;
    }
    return undefined;
  }

  release(id: number): void {
    if (this.isOurs(id) && id < this.#from) this.#from = id;
  }
}
