/** The single streams of a Socket that somebody has asked for, or that were announced. */
import type { Duplex } from 'node:stream';

import type { ReceivedInfo, SendInfo, WriteCallback } from '../../../types/messages';
import { socketClosed } from '../../errors';
import { readingOf } from '../reading/message-reader';
import type { Reading } from '../reading/reading';
import { controlOf, StreamChannel } from './stream-channel';

/** What the streams need of their Socket. */
export interface ChannelHost {
  readonly socket: Duplex;
  readonly reading: Reading;
  send(data: Buffer, info: SendInfo, callback: WriteCallback): void;
  /** Why nothing can be sent any longer, if so. */
  readonly sendFailure: Error | undefined;
  /** Messages of a stream were read. */
  onRead(): void;
}

const NONE: readonly StreamChannel[] = [];

export class Channels {
  readonly #host: ChannelHost;
  #channels: Map<number, StreamChannel> | undefined;
  #hasEnded = false;
  /** Why messages were lost in a restart of the peer. */
  #restart: Error | undefined;

  constructor(host: ChannelHost) {
    this.#host = host;
  }

  /** Whether something waits in one of them, and nobody has ever begun to read. */
  get isAbandoned(): boolean {
    return this.all.some((channel) => readingOf(channel).isAbandoned);
  }

  get all(): readonly StreamChannel[] {
    return this.#channels ? [...this.#channels.values()] : NONE;
  }

  /** Calls back for each stream, as soon as everything that was received there is read. */
  whenRead(callback: (channel: StreamChannel) => void): void {
    for (const channel of this.all) {
      controlOf(channel).whenRead(() => {
        callback(channel);
      });
    }
  }

  /** The stream's, made if there is none. */
  of(sid: number): StreamChannel {
    return this.#channels?.get(sid) ?? this.#make(sid);
  }

  /** @returns whether the message's stream is read apart, and has the message now */
  deliver(data: Buffer, info: ReceivedInfo): boolean {
    const channel = this.#channels?.get(info.sid);
    if (!channel?.isClaimed) return false;
    readingOf(channel).deliver(data, info);
    return true;
  }

  /** The message waits in the stream, whatever becomes of the event. */
  announce(data: Buffer, info: ReceivedInfo): void {
    const channel = this.of(info.sid);
    controlOf(channel).claim();
    readingOf(channel).deliver(data, info);
    this.#host.socket.emit('stream', channel, info.sid);
  }

  /** The peer has shut down. */
  end(): void {
    this.#hasEnded = true;
    for (const channel of this.all) controlOf(channel).endReading();
  }

  /** The Socket is destroyed. */
  close(): void {
    for (const channel of this.all) controlOf(channel).onSocketDestroyed(this.#host.socket.errored);
  }

  /** What was written has failed because the peer has restarted; the Socket reports it. */
  onRestart(error: Error): void {
    this.#restart = error;
  }

  /** For another association. */
  renew(): void {
    this.#channels = undefined;
    this.#hasEnded = false;
  }

  #make(sid: number): StreamChannel {
    const host = this.#host;
    // Not that of an association before this one, of which something may be left to be read.
    const isCurrent = (): boolean => this.#channels?.get(sid) === channel;
    const channel: StreamChannel = new StreamChannel(
      sid,
      host.socket.writableHighWaterMark,
      host.reading.tally,
      {
        send: (data, info, callback) => {
          if (isCurrent()) host.send(data, info, callback);
          else callback(socketClosed());
        },
        isFailing: () => !isCurrent() || host.socket.destroyed || host.sendFailure !== undefined,
        reports: (error) => error === this.#restart,
        onRead: () => {
          if (isCurrent() && !this.#hasEnded && !host.socket.destroyed) host.onRead();
        },
        onClosed: () => {
          if (isCurrent()) this.#channels?.delete(sid);
        },
      },
    );
    (this.#channels ??= new Map()).set(sid, channel);
    if (this.#hasEnded) controlOf(channel).endReading();
    return channel;
  }
}
