/** The single streams of a Socket that somebody has asked for, or that were announced. */
import type { Duplex } from 'node:stream';

import type { ReceivedInfo, SendInfo, WriteCallback } from '../../../types/messages';
import { socketClosed } from '../../errors';
import { readingOf } from '../reading/message-reader';
import type { Reading } from '../reading/reading';
import { controlOf, SingleStream } from './single-stream';

/** What the streams need of their Socket. */
export interface SingleStreamsHost {
  readonly socket: Duplex;
  readonly reading: Reading;
  send(data: Buffer, info: SendInfo, callback: WriteCallback): void;
  /** Why nothing can be sent any longer, if so. */
  readonly sendFailure: Error | undefined;
  /** Messages of a stream were read. */
  onRead(): void;
}

const NONE: readonly SingleStream[] = [];

export class SingleStreams {
  readonly #host: SingleStreamsHost;
  #streams: Map<number, SingleStream> | undefined;
  #hasEnded = false;
  /** Why messages were lost in a restart of the peer. */
  #restart: Error | undefined;

  constructor(host: SingleStreamsHost) {
    this.#host = host;
  }

  /** Whether something waits in one of them, and nobody has ever begun to read. */
  get isAbandoned(): boolean {
    return this.all.some((stream) => readingOf(stream).isAbandoned);
  }

  /** Whether there are any. */
  get areUsed(): boolean {
    return this.#streams !== undefined;
  }

  get all(): readonly SingleStream[] {
    return this.#streams ? [...this.#streams.values()] : NONE;
  }

  /** Calls back for each stream, as soon as everything that was received there is read. */
  whenRead(callback: (stream: SingleStream) => void): void {
    for (const stream of this.all) {
      controlOf(stream).whenRead(() => {
        callback(stream);
      });
    }
  }

  /** The stream's, made if there is none. */
  of(sid: number): SingleStream {
    return this.#streams?.get(sid) ?? this.#make(sid);
  }

  /** @returns whether the message's stream is read apart, and has the message now */
  deliver(data: Buffer, info: ReceivedInfo): boolean {
    const stream = this.#streams?.get(info.sid);
    if (!stream?.isClaimed) return false;
    readingOf(stream).deliver(data, info);
    return true;
  }

  /** The message waits in the stream, whatever becomes of the event. */
  announce(data: Buffer, info: ReceivedInfo): void {
    const stream = this.of(info.sid);
    controlOf(stream).claim();
    readingOf(stream).deliver(data, info);
    this.#host.socket.emit('stream', stream, info.sid);
  }

  /** The peer has shut down. */
  end(): void {
    this.#hasEnded = true;
    for (const stream of this.all) controlOf(stream).endReading();
  }

  /** The Socket is destroyed. */
  close(): void {
    for (const stream of this.all) controlOf(stream).onSocketDestroyed(this.#host.socket.errored);
  }

  /** What was written has failed because the peer has restarted; the Socket reports it. */
  onRestart(error: Error): void {
    this.#restart = error;
  }

  /** For another association. */
  renew(): void {
    this.#streams = undefined;
    this.#hasEnded = false;
  }

  #make(sid: number): SingleStream {
    const host = this.#host;
    // Not that of an association before this one, of which something may be left to be read.
    const isCurrent = (): boolean => this.#streams?.get(sid) === stream;
    const stream: SingleStream = new SingleStream(
      sid,
      {
        highWaterMark: host.reading.highWaterMark,
        writableHighWaterMark: host.socket.writableHighWaterMark,
        tally: host.reading.tally,
      },
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
          if (isCurrent()) this.#streams?.delete(sid);
        },
      },
    );
    (this.#streams ??= new Map()).set(sid, stream);
    if (this.#hasEnded) controlOf(stream).endReading();
    return stream;
  }
}
