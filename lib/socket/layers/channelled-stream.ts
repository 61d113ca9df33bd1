/** Adds to the Duplex of messages the single streams of its association. */
import type { ReceivedInfo } from '../../../types/messages';
import type { SctpStream } from '../../../types/streams';
import { socketClosed } from '../../errors';
import { checkInteger, UINT16 } from '../../validate';
import * as hooks from '../hooks';
import { MessageWriter } from './message-writer';
import { StreamChannel } from '../messages/stream-channel';

export abstract class ChannelledStream extends MessageWriter {
  readonly #channels = new Map<number, StreamChannel>();
  #hasEnded = false;
  /** Why messages went with a former life of the peer. */
  #restart: Error | undefined;

  /** Outbound streams, as negotiated; undefined while there is no association. */
  get OS(): number | undefined {
    return this[hooks.limits]?.streams?.outStreams;
  }

  /** Inbound streams, as negotiated; undefined while there is no association. */
  get MIS(): number | undefined {
    return this[hooks.limits]?.streams?.inStreams;
  }

  /** Bytes of received messages that nobody has read yet, here or from a single stream. */
  override get readAheadBytes(): number {
    let bytes = super.readAheadBytes;
    for (const channel of this.#channels.values()) bytes += channel.readAheadBytes;
    return bytes;
  }

  /**
   * One stream of the association. What is written to it goes out on this stream. Once it is read
   * from, messages of this stream come there, and no longer here.
   *
   * @param sid below `OS`; of a stream that exists already, that one is returned
   * @param ppid for messages that name none: a number, or a name in `PPID` or `protocol`
   * @throws TypeError, RangeError with Node's codes for bad arguments
   * @throws ERR_SOCKET_CLOSED after the socket is destroyed
   */
  createStream(sid = 0, ppid?: number | string): SctpStream {
    checkInteger('sid', sid, 0, UINT16);
    if (this.destroyed) throw socketClosed();
    this[hooks.limits]?.checkStream(sid);
    const channel = this.#channels.get(sid) ?? this.#makeChannel(sid);
    if (ppid !== undefined) channel.ppid = ppid;
    return channel;
  }

  protected override [hooks.deliver](data: Buffer, info: ReceivedInfo): void {
    const channel = this.#channels.get(info.sid);
    if (channel?.isClaimed) channel[hooks.deliver](data, info);
    else if (this.listenerCount('stream') > 0) this.#announce(data, info);
    else super[hooks.deliver](data, info);
  }

  protected override [hooks.endReading](): void {
    this.#hasEnded = true;
    super[hooks.endReading]();
    for (const channel of this.#channels.values()) channel[hooks.endReading]();
  }

  /** Here, or in one of the streams. */
  protected override get [hooks.isAbandoned](): boolean {
    const channels = [...this.#channels.values()];
    return super[hooks.isAbandoned] || channels.some((channel) => channel[hooks.isAbandoned]);
  }

  protected override [hooks.whenRead](callback: () => void): void {
    const channels = [...this.#channels.values()];
    const unread = new Set<object>([this, ...channels]);
    const onRead = (reader: object): void => {
      unread.delete(reader);
      if (unread.size === 0 && !this.destroyed) callback();
    };
    super[hooks.whenRead](() => {
      onRead(this);
    });
    for (const channel of channels) {
      channel[hooks.whenRead](() => {
        onRead(channel);
      });
    }
  }

  protected override [hooks.dropUnread](): void {
    super[hooks.dropUnread]();
    for (const channel of this.#channels.values()) channel[hooks.onOwnerDestroyed](this.errored);
  }

  protected override [hooks.failWritten](error: Error): void {
    this.#restart = error;
    super[hooks.failWritten](error);
  }

  protected override [hooks.renew](): void {
    super[hooks.renew]();
    this.#channels.clear();
    this.#hasEnded = false;
  }

  /** The message waits in the stream, whatever becomes of the event. */
  #announce(data: Buffer, info: ReceivedInfo): void {
    const channel = this.#channels.get(info.sid) ?? this.#makeChannel(info.sid);
    channel[hooks.claim]();
    channel[hooks.deliver](data, info);
    this.emit('stream', channel, info.sid);
  }

  #makeChannel(sid: number): StreamChannel {
    // Not that of an association before this one, of which something may be left to be read.
    const isCurrent = (): boolean => this.#channels.get(sid) === channel;
    const channel: StreamChannel = new StreamChannel(sid, this.writableHighWaterMark, {
      send: (data, info, callback) => {
        if (isCurrent()) this.send(data, info, callback);
        else callback(socketClosed());
      },
      isFailing: () => !isCurrent() || this.destroyed || this[hooks.sendFailure] !== undefined,
      tells: (error) => error === this.#restart,
      onRoom: () => {
        if (isCurrent() && !this.#hasEnded && !this.destroyed) this[hooks.limitReadAhead]();
      },
      onClosed: () => {
        if (isCurrent()) this.#channels.delete(sid);
      },
    });
    this.#channels.set(sid, channel);
    if (this.#hasEnded) channel[hooks.endReading]();
    return channel;
  }
}
