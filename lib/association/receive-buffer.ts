/** Gives an association the receive buffer that its socket was asked to have: see setWindow. */
import type { SctpOptions } from '../../types/options';
import type { Link } from './link';
import { optionOf } from './options';
import type { Part } from './part';

export class ReceiveBuffer implements Part {
  readonly #link: Link;
  readonly #asked: number | undefined;

  constructor(link: Link, { rcvBuf }: SctpOptions) {
    this.#link = link;
    this.#asked = rcvBuf;
  }

  /** From here on the window no longer follows the buffer. */
  onUp(): void {
    // Others share the buffer of a one-to-many socket, some of which are yet to begin.
    if (this.#link.assocId !== undefined) return;
    // The kernel doubles what is set, and so would double what it had before.
    const value = this.#asked ?? optionOf(this.#link, 'rcvBuf');
    this.#link.setOption('rcvBuf', { value });
  }
}
