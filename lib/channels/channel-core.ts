/** One data channel: its state, and its messages on their way out and in. */
import type { ChannelState } from '../../types/data-channels';
import {
  type ChannelTransport,
  LIFETIME,
  type Policy,
  RELIABLE,
  RETRANSMITS,
} from './channel-transport';
import type { CheckedInit } from './channel-init';
import { DATA_CHANNEL_PPID as PPID, EMPTY_MESSAGE } from './dcep';
import { guarded } from '../guarded';
import { invalidState, operationError, RTCError } from './rtc-error';

/** What a program sees of a channel. What it throws is the program's, and an uncaught exception. */
export interface ChannelSurface {
  onOpen(): void;
  onMessage(data: Buffer | string): void;
  onClosing(isOurs: boolean): void;
  onError(error: RTCError): void;
  onClose(): void;
  onBufferedAmountLow(): void;
}

/** What a channel needs of the association. */
export interface ChannelOwner {
  readonly transport: ChannelTransport;
  /** The longest message that the peer takes. */
  readonly maxMessageSize: number;
  /** The program has aborted the association, and wants no more messages. */
  readonly isAborted: boolean;
  /** The channel has sent all it will send. */
  onFinished(channel: ChannelCore): void;
}

type Sendable = string | ArrayBufferView;

/** A message that waits for its bytes, or for one before it that does. */
interface Waiting {
  size: number;
  data: Sendable | undefined;
  failed?: unknown;
}

export class ChannelCore {
  readonly init: Readonly<CheckedInit>;
  readonly id: number;
  surface: ChannelSurface | undefined;
  /** The peer knows the channel: messages need no longer stay behind the OPEN. */
  isKnownToPeer: boolean;
  #state: ChannelState = 'connecting';
  #threshold = 0;
  #waiting: Waiting[] = [];
  /** What happens meanwhile, until the program has had its chance to listen. */
  #held: (() => void)[] | undefined;
  readonly #owner: ChannelOwner;
  readonly #policy: Policy;
  readonly #policyValue: number;

  constructor(init: CheckedInit, id: number, owner: ChannelOwner) {
    this.init = init;
    this.id = id;
    this.isKnownToPeer = init.negotiated;
    this.#owner = owner;
    this.#policyValue = init.maxRetransmits ?? init.maxPacketLifeTime ?? 0;
    this.#policy =
      init.maxRetransmits !== null
        ? RETRANSMITS
        : init.maxPacketLifeTime !== null
          ? LIFETIME
          : RELIABLE;
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** Whether all that was accepted is with the association. */
  get isFinished(): boolean {
    return this.#waiting.length === 0 || this.#state === 'closed';
  }

  get bufferedAmount(): number {
    let waiting = 0;
    for (const { size } of this.#waiting) waiting += size;
    const sent = this.#state === 'connecting' || this.#state === 'closed';
    return waiting + (sent ? 0 : this.#owner.transport.bufferedAmount(this.id));
  }

  get threshold(): number {
    return this.#threshold;
  }

  set threshold(bytes: number) {
    this.#threshold = bytes;
    if (this.#state !== 'closed') this.#owner.transport.setLowThreshold(this.id, bytes);
  }

  /** Sends, or throws what the W3C says. @param size the message's length in bytes */
  send(data: Sendable, size: number): void {
    this.#check(size);
    if (this.#waiting.length > 0) {
      const copy = typeof data === 'string' ? data : copyOf(data);
      this.#waiting.push({ size, data: copy });
    } else {
      this.#send(data, size);
    }
  }

  #check(size: number): void {
    if (this.#state !== 'open') {
      throw invalidState(`The channel is not open: its readyState is '${this.#state}'`);
    }
    const { maxMessageSize } = this.#owner;
    if (size > maxMessageSize) {
      const limit = `the longest that the peer takes has ${String(maxMessageSize)}`;
      throw new TypeError(`The message has ${String(size)} bytes; ${limit}`);
    }
  }

  #send(data: Sendable, size: number): void {
    const isText = typeof data === 'string';
    const isEmpty = size === 0;
    const ppid = isText
      ? isEmpty
        ? PPID.STRING_EMPTY
        : PPID.STRING
      : isEmpty
        ? PPID.BINARY_EMPTY
        : PPID.BINARY;
    const outcome = this.#owner.transport.send(
      isEmpty ? EMPTY_MESSAGE : data,
      this.id,
      ppid,
      !this.init.ordered && this.isKnownToPeer,
      this.#policy,
      this.#policyValue,
    );
    if (outcome === 'full') {
      throw operationError('Too much waits to be sent: wait for bufferedamountlow, or drained()');
    }
    // If it is impossible the association is ending: the channel is about to be closed, and says so.
  }

  /** A Blob's bytes come later, and the order is that of `send`. */
  sendBlob(blob: Blob): void {
    const { size } = blob;
    this.#check(size);
    const entry: Waiting = { size, data: undefined };
    this.#waiting.push(entry);
    blob.arrayBuffer().then(
      (buffer) => {
        entry.data = new Uint8Array(buffer);
        this.#sendWaiting();
      },
      (error: unknown) => {
        entry.failed = error;
        this.#sendWaiting();
      },
    );
  }

  #sendWaiting(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (this.#state === 'closed') return;
      if (next.data === undefined && next.failed === undefined) return;
      this.#waiting.shift();
      try {
        if (next.data === undefined) throw next.failed;
        this.#send(next.data, next.size);
      } catch (cause) {
        const message = 'A message could not be sent';
        const error = new RTCError({ errorDetail: 'data-channel-failure', cause }, message);
        this.#do(() => this.surface?.onError(error));
      }
    }
    if (this.#state === 'closing') this.#owner.onFinished(this);
  }

  /** The association carries the channel from now on; the program hears of it a turn later. */
  open(isAnnounced: boolean): void {
    this.#owner.transport.setPriority(this.id, this.init.priority);
    this.#owner.transport.setLowThreshold(this.id, this.#threshold);
    const held: (() => void)[] = [];
    this.#held = held;
    if (!isAnnounced) this.#state = 'open'; // as W3C has it, already in 'datachannel'
    // Two turns: who awaits 'datachannel', or 'open', listens before the first message comes.
    setImmediate(() => {
      if (this.#state === 'connecting') this.#state = 'open';
      guarded(() => {
        if (this.#state === 'open') this.surface?.onOpen();
      });
      setImmediate(() => {
        this.#held = undefined;
        for (const event of held) event();
      });
    });
  }

  #do(event: () => void): void {
    if (this.#held)
      this.#held.push(() => {
        guarded(event);
      });
    else guarded(event);
  }

  onMessage(data: Buffer | string): void {
    if (this.#held === undefined) {
      if (this.#isReceiving()) guarded(() => this.surface?.onMessage(data));
      return;
    }
    this.#do(() => {
      if (this.#isReceiving()) this.surface?.onMessage(data);
    });
  }

  #isReceiving(): boolean {
    return this.#state === 'open' && !this.#owner.isAborted;
  }

  onBufferedAmountLow(): void {
    this.#do(() => {
      // More may have been sent since, and Blobs may wait.
      if (this.bufferedAmount <= this.#threshold) this.surface?.onBufferedAmountLow();
    });
  }

  onError(error: RTCError): void {
    this.#do(() => this.surface?.onError(error));
  }

  /** @param isOurs the program has closed it, not the peer */
  close(isOurs: boolean): void {
    const begin = (): void => {
      if (this.#state === 'closing' || this.#state === 'closed') return;
      this.#state = 'closing';
      guarded(() => this.surface?.onClosing(isOurs));
      if (this.#waiting.length === 0) this.#owner.onFinished(this);
    };
    if (isOurs) begin();
    else this.#do(begin);
  }

  /** No longer carried by the association. */
  onClosed(error?: RTCError): void {
    this.#do(() => {
      if (this.#state === 'closed') return;
      this.#state = 'closed';
      this.#waiting = [];
      if (error) guarded(() => this.surface?.onError(error));
      this.surface?.onClose();
    });
  }
}

function copyOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}
