/** The events of a data channel, as the W3C has them. */
import type { MessageData } from '../../types/data-channels';
import type { RTCError } from './rtc-error';

/** 'message': what the peer has sent. */
export class ChannelMessageEvent extends Event {
  readonly #data: MessageData;
  readonly origin = '';
  readonly lastEventId = '';
  readonly source = null;
  readonly ports: readonly never[] = [];

  constructor(data: MessageData) {
    super('message');
    this.#data = data;
  }

  /** A string, or what `binaryType` says. */
  get data(): MessageData {
    return this.#data;
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
