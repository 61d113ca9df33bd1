/** The events of a data channel, as the W3C has them. */
import type { RTCError } from './rtc-error';

/** What `binaryType` makes of a binary message. */
export type MessageData = string | ArrayBuffer | Blob | Buffer;

/** 'message': what the peer has sent. */
export class ChannelMessageEvent extends Event {
  readonly #data: MessageData;

  constructor(data: MessageData) {
    super('message');
    this.#data = data;
  }

  /** A string, or what `binaryType` says. */
  get data(): MessageData {
    return this.#data;
  }

  get origin(): string {
    return '';
  }

  get lastEventId(): string {
    return '';
  }

  get source(): null {
    return null;
  }

  get ports(): readonly never[] {
    return [];
  }
}

/** 'error': why the channel has failed, or what the peer did wrong on it. */
export class RTCErrorEvent extends Event {
  readonly error: RTCError;

  constructor(type: string, init: { error: RTCError }) {
    super(type);
    this.error = init.error;
  }
}
