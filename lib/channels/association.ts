/** `createDataChannelAssociation`: SCTP over a transport of the program's, with data channels. */
import { EventEmitter } from 'node:events';

import type {
  AssociationState,
  AssociationStats,
  DataChannelAssociationEventMap,
  DataChannelAssociationOptions,
  DataChannelInit,
} from '../../types/data-channels';
import { invalidArgType } from '../errors';
import { checkFunction } from '../validate';
import { TransportAssociation } from './transport-association';
import { checkChannelInit } from './channel-init';
import { DataChannel } from './data-channel';
import { checkOptions } from './options';
import { toStats } from './stats';
import { invalidState, type RTCError } from './rtc-error';

/** The arguments that each event's listeners get. */
export type DataChannelAssociationEvents = DataChannelAssociationEventMap<DataChannel, RTCError>;

/** An SCTP association over a transport of the program's. */
export class DataChannelAssociation extends EventEmitter<DataChannelAssociationEvents> {
  readonly #core: TransportAssociation;

  /** @internal */
  constructor(options: DataChannelAssociationOptions) {
    super();
    this.#core = new TransportAssociation(checkOptions(options), {
      onState: (state) => this.emit('state', state),
      onConnected: () => this.emit('connect'),
      onChannel: (channel) => this.emit('datachannel', new DataChannel(channel)),
      onRestart: () => this.emit('restart'),
      onViolation: (error) => this.emit('violation', error),
      onError: (error) => {
        if (this.listenerCount('error') > 0) this.emit('error', error);
      },
      onClosed: (error) => this.emit('close', error),
    });
  }

  /** 'new', 'connecting', 'connected', 'closing', 'closed', or 'failed'. */
  get state(): AssociationState {
    return this.#core.state;
  }

  /** The longest message that can be sent. */
  get maxMessageSize(): number {
    return this.#core.channels.maxMessageSize;
  }

  /**
   * Begins the association. Both ends may; an end that does not answers the peer.
   *
   * @returns resolved when it is up
   * @throws ERR_SCTP_CONNECT_TIMEOUT, ECONNRESET if the peer aborts, ERR_SCTP_TRANSPORT
   * @throws InvalidStateError if there is no transport by the next tick; it may be called again
   */
  connect(): Promise<void> {
    return this.#core.connect(true);
  }

  /** Opens a channel, also before the association is up. */
  createDataChannel(label: string, init: DataChannelInit = {}): DataChannel {
    const checked = checkChannelInit(label, init);
    const { state, isOver } = this.#core;
    if (isOver || state === 'closing') throw invalidState(`The association is ${state}`);
    return new DataChannel(this.#core.channels.create(checked));
  }

  /**
   * Ends the association after everything that was sent has been delivered.
   *
   * @throws ERR_SCTP_CLOSE_TIMEOUT if the peer no longer acknowledges
   */
  close(): Promise<void> {
    return this.#core.close();
  }

  /** Ends the association at once; what has not been delivered is lost. */
  abort(reason = ''): void {
    if (typeof reason !== 'string') throw invalidArgType('reason', 'of type string', reason);
    this.#core.abort(reason);
  }

  /** Instead of a transport: `send` is called with each packet, and may keep it. */
  setSendCallback(send: (packet: Buffer) => unknown): void {
    checkFunction('send', send);
    this.#core.setSend(send);
  }

  /** Instead of a transport: a packet that has arrived. */
  handleIncoming(packet: ArrayBufferView | ArrayBuffer): void {
    this.#core.receive(packet);
  }

  /** What the association knows about itself; the last of it once it is over. */
  stats(): AssociationStats {
    return toStats(this.#core.state, this.#core.stats());
  }

  /** Lets the event loop run while something waits to be acknowledged (the default). */
  ref(): this {
    this.#core.engine.ref();
    return this;
  }

  /** Lets the process end although something waits to be acknowledged. */
  unref(): this {
    this.#core.engine.unref();
    return this;
  }

  /** Closes the association and waits until it is over, however it ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch((error: unknown) => {
      if (!this.#core.isOver) throw error;
    });
  }
}

/** Makes an association; nothing is sent before `connect`, or a packet of the peer's. */
export function createDataChannelAssociation(
  options: DataChannelAssociationOptions,
): DataChannelAssociation {
  return new DataChannelAssociation(options);
}
