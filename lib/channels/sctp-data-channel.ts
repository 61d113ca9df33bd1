/** A channel as the older package has it. */
import { EventEmitter } from 'node:events';

import type { ChannelState, SctpDataChannelEvents } from '../../types/data-channels';
import { checkInteger, UINT32 } from '../validate';
import type { ChannelCore } from './channel-core';

/** A data channel of an `SctpAssociation`. */
export class SctpDataChannel extends EventEmitter<SctpDataChannelEvents> {
  readonly #core: ChannelCore;

  /** @internal */
  constructor(core: ChannelCore) {
    super();
    this.#core = core;
    core.surface = {
      onOpen: () => this.emit('open'),
      onMessage: (data) => this.emit('message', data),
      onClosing: () => this.emit('closing'),
      onError: (error) => {
        if (this.listenerCount('error') > 0) this.emit('error', error);
      },
      onClose: () => this.emit('close'),
      onBufferedAmountLow: () => this.emit('bufferedamountlow'),
    };
  }

  get id(): number {
    return this.#core.id;
  }

  get label(): string {
    return this.#core.init.label;
  }

  get protocol(): string {
    return this.#core.init.protocol;
  }

  get ordered(): boolean {
    return this.#core.init.ordered;
  }

  get maxPacketLifeTime(): number | undefined {
    return this.#core.init.maxPacketLifeTime ?? undefined;
  }

  get maxRetransmits(): number | undefined {
    return this.#core.init.maxRetransmits ?? undefined;
  }

  get negotiated(): boolean {
    return this.#core.init.negotiated;
  }

  get state(): ChannelState {
    return this.#core.state;
  }

  get readyState(): ChannelState {
    return this.#core.state;
  }

  /** Bytes that have not been sent for the first time yet. */
  get bufferedAmount(): number {
    return this.#core.bufferedAmount;
  }

  get bufferedAmountLowThreshold(): number {
    return this.#core.threshold;
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#core.threshold = checkInteger('bufferedAmountLowThreshold', bytes, 0, UINT32);
  }

  /** Sends one message: text or bytes, which the peer can tell apart. */
  send(data: Buffer | Uint8Array | string): void {
    const isText = typeof data === 'string';
    this.#core.send(data, isText ? Buffer.byteLength(data) : data.byteLength);
  }

  /** Closes the channel at both ends, after what was sent. */
  close(): void {
    this.#core.close(true);
  }
}
