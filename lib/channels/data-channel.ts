/** A data channel, with the W3C's surface and with Node's. */
import { isAnyArrayBuffer } from 'node:util/types';

import type {
  BinaryType,
  ChannelState,
  DataChannelEventMap,
  MessageData,
} from '../../types/data-channels';
import { invalidArgType } from '../errors';
import { checkInteger, UINT32 } from '../validate';
import type { ChannelCore } from './channel-core';
import { ChannelEvents } from './channel-events';
import { ChannelMessageEvent, RTCErrorEvent } from './events';
import { invalidState, type RTCError } from './rtc-error';

/** What listeners added by `on` and `once` get. */
export type DataChannelEvents = DataChannelEventMap<RTCError>;

type Handler<Type extends Event = Event> = ((this: DataChannel, event: Type) => unknown) | null;

const BINARY_TYPES: readonly unknown[] = ['arraybuffer', 'blob', 'nodebuffer'];

/**
 * An RTCDataChannel on an association. Made by `createDataChannel`, or by the peer and announced by
 * 'datachannel'.
 */
export class DataChannel extends ChannelEvents<DataChannelEvents> {
  readonly #core: ChannelCore;
  #binaryType: BinaryType = 'arraybuffer';

  /** @internal */
  constructor(core: ChannelCore) {
    super();
    this.#core = core;
    core.surface = {
      onOpen: () => {
        this.fire('open', () => new Event('open'));
      },
      onMessage: (data) => {
        this.fire('message', () => new ChannelMessageEvent(this.#convert(data)), data);
      },
      onClosing: (isOurs) => {
        if (!isOurs) this.fire('closing', () => new Event('closing'));
      },
      onError: (error) => {
        this.fire('error', () => new RTCErrorEvent('error', { error }), error);
      },
      onClose: () => {
        this.fire('close', () => new Event('close'));
      },
      onBufferedAmountLow: () => {
        this.fire('bufferedamountlow', () => new Event('bufferedamountlow'));
      },
    };
  }

  /** The stream, the same at both ends. */
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

  get maxRetransmits(): number | null {
    return this.#core.init.maxRetransmits;
  }

  get maxPacketLifeTime(): number | null {
    return this.#core.init.maxPacketLifeTime;
  }

  get negotiated(): boolean {
    return this.#core.init.negotiated;
  }

  /** As it goes over the wire: 256 is the W3C's 'low', the default. */
  get priority(): number {
    return this.#core.init.priority;
  }

  /** 'connecting', 'open', 'closing' or 'closed'. */
  get readyState(): ChannelState {
    return this.#core.state;
  }

  /** Bytes of messages that were accepted and have not been sent for the first time yet. */
  get bufferedAmount(): number {
    return this.#core.bufferedAmount;
  }

  /** When `bufferedAmount` falls to it, 'bufferedamountlow' is emitted (default 0). */
  get bufferedAmountLowThreshold(): number {
    return this.#core.threshold;
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#core.threshold = checkInteger('bufferedAmountLowThreshold', bytes, 0, UINT32);
  }

  /** What `event.data` of a binary message is: 'arraybuffer' (default), 'blob', or 'nodebuffer'. */
  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    // As for every enumeration of the Web's, other values change nothing.
    if (BINARY_TYPES.includes(type)) this.#binaryType = type;
  }

  get onopen(): Handler {
    return this.handlerOf('open');
  }

  set onopen(handler: Handler) {
    this.setHandler('open', handler);
  }

  get onmessage(): Handler<ChannelMessageEvent> {
    return this.handlerOf('message');
  }

  set onmessage(handler: Handler<ChannelMessageEvent>) {
    this.setHandler('message', handler);
  }

  get onclosing(): Handler {
    return this.handlerOf('closing');
  }

  set onclosing(handler: Handler) {
    this.setHandler('closing', handler);
  }

  get onclose(): Handler {
    return this.handlerOf('close');
  }

  set onclose(handler: Handler) {
    this.setHandler('close', handler);
  }

  get onerror(): Handler<RTCErrorEvent> {
    return this.handlerOf('error');
  }

  set onerror(handler: Handler<RTCErrorEvent>) {
    this.setHandler('error', handler);
  }

  get onbufferedamountlow(): Handler {
    return this.handlerOf('bufferedamountlow');
  }

  set onbufferedamountlow(handler: Handler) {
    this.setHandler('bufferedamountlow', handler);
  }

  /**
   * Sends one message. A copy is taken at once; messages that are sent in one tick leave together.
   *
   * @throws InvalidStateError if the channel is not open, TypeError if the message is longer than
   * the peer takes, OperationError if too much waits already
   */
  send(data: string | ArrayBufferView | ArrayBuffer | Blob): void {
    if (typeof data === 'string') this.#core.send(data, Buffer.byteLength(data));
    else if (ArrayBuffer.isView(data)) this.#core.send(data, data.byteLength);
    else if (isAnyArrayBuffer(data)) this.#core.send(new Uint8Array(data), data.byteLength);
    else if (data instanceof Blob) this.#core.sendBlob(data);
    else {
      const expected = 'of type string, or an instance of Buffer, TypedArray, ArrayBuffer, or Blob';
      throw invalidArgType('data', expected, data);
    }
  }

  /** Closes the channel at both ends, after what was sent. */
  close(): void {
    this.#core.close(true);
  }

  /**
   * Resolves as soon as `bufferedAmount` is at most `bufferedAmountLowThreshold`: to be awaited
   * between messages.
   */
  drained(): Promise<void> {
    if (this.bufferedAmount <= this.bufferedAmountLowThreshold) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onLow = (): void => {
        this.off('close', onClose);
        resolve();
      };
      const onClose = (): void => {
        this.off('bufferedamountlow', onLow);
        reject(invalidState('The channel was closed before it had drained'));
      };
      this.once('bufferedamountlow', onLow).once('close', onClose);
    });
  }

  /** Closes the channel and waits until it is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.readyState === 'closed') return;
    const closed = new Promise<void>((resolve) => this.once('close', resolve));
    this.close();
    await closed;
  }

  #convert(data: string | Buffer): MessageData {
    if (typeof data === 'string' || this.#binaryType === 'nodebuffer') return data;
    if (this.#binaryType === 'blob') return new Blob([data]);
    const { buffer, byteOffset, byteLength } = data;
    const whole = buffer as ArrayBuffer;
    // A long message is alone in its memory.
    if (byteLength === whole.byteLength) return whole;
    return whole.slice(byteOffset, byteOffset + byteLength);
  }
}
