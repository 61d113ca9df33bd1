/**
 * One association's part of the send buffer that it shares with others: whether it may hand over
 * more, and when the kernel reports that everything was acknowledged.
 */
import type { NativeSendInfo } from '../../types/native';
import type { NotificationNumbers } from '../../types/native-values';
import { acknowledgedAtOnce } from '../association/sending';
import { constants } from '../constants';
import type { Holder, SendBuffer } from './send-buffer';
import { Window } from './window';

const { SCTP_SENDER_DRY_EVENT } = constants;

/** How long an unanswered question for SCTP_SENDER_DRY_EVENT is good for, in ms. */
const ASK_AGAIN_MS = 500;

/** The link of the association. */
export interface SendShareLink {
  /** Whether it has a descriptor of its own. */
  readonly isPeeledOff: boolean;
  /** Whether it waits for room. */
  readonly isWriting: boolean;
  /** One field of an option, or negative errno. */
  getNumber(name: string, field: string): number;
  /** @returns 0 or negative errno */
  change(types: NotificationNumbers, on: boolean): number;
  /** There may be room. */
  onRoom(): void;
  /** Moves to a descriptor of its own. @returns 0 or negative errno */
  moveOut(): number;
}

export class SendShare implements Holder {
  readonly window = new Window();
  readonly #link: SendShareLink;
  readonly #buffer: SendBuffer;
  /** Its owner wants SCTP_SENDER_DRY_EVENT, or our window does. */
  #isDryWanted = false;
  #askedAt = -Infinity;

  constructor(link: SendShareLink, buffer: SendBuffer) {
    this.#link = link;
    this.#buffer = buffer;
  }

  /** Whether SCTP_SENDER_DRY_EVENT is on for it. */
  get isAsking(): boolean {
    return this.#askedAt > -Infinity;
  }

  /** @param more that it is about to hold */
  hasRoom(more: number): boolean {
    if (this.#buffer.hasRoom(this, more)) return true;
    // Not only once it waits: it may wait for the kernel already.
    if (more === 0) this.askWhenDry();
    return false;
  }

  /** What follows the last message of its part would wait for the peer's acknowledgement. */
  prompt(info: NativeSendInfo, charge: number): NativeSendInfo {
    return this.#buffer.fills(this, charge) ? acknowledgedAtOnce(info) : info;
  }

  /** Subscribes to events of the association, for its owner. @returns 0 or negative errno */
  subscribe(types: NotificationNumbers, on: boolean): number {
    if (!types.includes(SCTP_SENDER_DRY_EVENT)) return this.#link.change(types, on);
    this.#isDryWanted = on;
    const isKept = !on && this.isAsking;
    const changed = isKept ? types.filter((type) => type !== SCTP_SENDER_DRY_EVENT) : types;
    return changed.length === 0 ? 0 : this.#link.change(changed, on);
  }

  /** The kernel holds nothing any longer, unless more was sent since it has reported that. */
  onDry(): void {
    if (this.#link.isPeeledOff) return;
    if (this.#link.getNumber('status', 'unackData') !== 0) return;
    this.#buffer.clear(this);
    this.#askedAt = -Infinity;
    if (!this.#isDryWanted && !this.#link.isWriting) {
      this.#link.change([SCTP_SENDER_DRY_EVENT], false);
    }
  }

  // --- What the send buffer asks for ---

  onRoom(): void {
    this.#link.onRoom();
  }

  askWhenDry(): void {
    const now = performance.now();
    if (now - this.#askedAt < ASK_AGAIN_MS) return;
    this.#askedAt = now;
    this.#link.change([SCTP_SENDER_DRY_EVENT], true);
  }

  leave(): boolean {
    return this.#link.moveOut() === 0;
  }
}
