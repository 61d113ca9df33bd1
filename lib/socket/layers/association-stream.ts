/** The stream of messages on an association: how it begins, and how it ends. */
import type { ReceivedInfo } from '../../../types/messages';
import type { NativeNotification, NativeStreamSocket } from '../../../types/native';
import {
  closedBeforeConnection,
  closeTimeout,
  peerRestarted,
  receivedTooLong,
  socketClosed,
  systemError,
  writeAfterPeerEnded,
} from '../../errors';
import { earlyNumbers } from '../../notifications/choice';
import { isRestart } from '../../notifications/names';
import { ChannelledStream } from './channelled-stream';
import type { SocketConfig } from '../config';
import { Dryness } from '../association/dryness';
import { Ending } from '../association/ending';
import * as hooks from '../hooks';
import { Limits } from '../association/limits';
import { ReadPace } from '../messages/read-pace';
import { Subscriptions } from '../association/subscriptions';
import { Transport, type TransportListener } from '../association/transport';

/** Everything that lives as long as the association. */
interface Association {
  readonly transport: Transport;
  readonly ending: Ending;
  readonly dryness: Dryness;
  readonly limits: Limits;
  readonly subscriptions: Subscriptions;
}

export abstract class AssociationStream extends ChannelledStream {
  protected readonly [hooks.config]: SocketConfig;
  #pace = new ReadPace();
  #association: Association | undefined;
  #bytesRead = 0;
  /** An ABORT is wanted, whatever was called before. */
  #resets = false;
  #hasHopelessWrite = false;
  /** `_destroy` waits for the association to end in order; it calls back with this. */
  #finish: ((error?: Error, isLoss?: boolean) => void) | undefined;

  constructor(config: SocketConfig) {
    const { allowHalfOpen, captureRejections, writableHighWaterMark } = config;
    // 'close' is ours to emit: `net` tells with it whether there was an error.
    const options = { allowHalfOpen, captureRejections, writableHighWaterMark, emitClose: false };
    super(options, config);
    this[hooks.config] = { ...config, sctp: { ...config.sctp } };
  }

  /** Received bytes, whether they have been read or not. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * Waits until the peer's SCTP has acknowledged everything that was written.
   * @returns rejected if that can no longer happen
   */
  async dry(): Promise<void> {
    if (!this[hooks.isBegun]) throw socketClosed();
    const restarts = this.#association?.dryness.restarts ?? 0;
    await new Promise<void>((resolve, reject) => {
      if (this.writableFinished || this.destroyed) {
        resolve();
      } else if (this.writableEnded) {
        this.once('finish', resolve);
        this.once('close', resolve);
      } else {
        this.write('', (error) => {
          if (error) reject(error);
          else resolve();
        });
      }
    });
    const { transport, dryness } = this.#association ?? {};
    if (transport?.isDone) return; // everything was acknowledged, or it could not have ended so
    if (!dryness || transport?.isClosed) throw this[hooks.sendFailure] ?? socketClosed();
    if (dryness.restarts !== restarts) throw peerRestarted();
    await dryness.wait();
  }

  /** Ends the association at once, with an ABORT, whatever has been called before. */
  protected [hooks.reset](error?: Error): void {
    this.#resets = true;
    if (this.#finish) {
      this[hooks.transport]?.abort();
      this.#finish(error);
    } else {
      this.destroy(error);
    }
  }

  /** Begins anew, as if nothing had ever been connected. */
  protected override [hooks.renew](): void {
    super[hooks.renew]();
    this.#association = undefined;
    this.#pace = new ReadPace();
    this.#bytesRead = 0;
    this.#resets = false;
    this.#hasHopelessWrite = false;
  }

  protected get [hooks.transport](): Transport | undefined {
    return this.#association?.transport;
  }

  /** Takes over an open socket. @param up whether its association is established already */
  protected [hooks.adopt](native: NativeStreamSocket, up: boolean): void {
    const transport = new Transport(native, this.#transportListener());
    const ending = new Ending(transport, this[hooks.config].closeTimeout, () => {
      this[hooks.reset](closeTimeout(this[hooks.config].closeTimeout));
    });
    const early = earlyNumbers(this[hooks.config].notifications);
    const subscriptions = new Subscriptions(native, early);
    const dryness = new Dryness(native, subscriptions);
    const limits = new Limits(native);
    this.#association = { transport, ending, dryness, limits, subscriptions };
    transport.start(up);
    if (up) {
      this[hooks.startSending](transport);
      this.#settleLater(transport);
    }
  }

  protected override [hooks.onActivity](): void {
    this.#association?.ending.progress();
  }

  /** For layers above, to ask for the notifications that they want. */
  protected get [hooks.subscriptions](): Subscriptions | undefined {
    return this[hooks.transport]?.isClosed === false ? this.#association?.subscriptions : undefined;
  }

  /** The association is up, and who has waited for that has had the chance to listen. */
  protected [hooks.onSettled](): void {
    this.#association?.subscriptions.endEarly();
  }

  /** Each notification, before what follows from it. Layers above add to this. */
  protected [hooks.onNotification](notification: NativeNotification): void {
    const { type } = notification;
    if (type === 'assocChange' || type === 'streamChange') this.#association?.limits.forget();
    if (type === 'senderDry') this.#association?.dryness.onSenderDry();
    if (!isRestart(notification)) return;
    this.#association?.limits.restart(notification.inboundStreams, notification.outboundStreams);
    this.#association?.dryness.onRestart(peerRestarted());
  }

  /** Why the association was lost. Layers above may know more. */
  protected [hooks.lossError](errno: number): NodeJS.ErrnoException {
    return systemError('read', errno);
  }

  abstract get connecting(): boolean;
  protected abstract [hooks.onConnected](): void;
  /** The association could not be started; its descriptor is closed. */
  protected abstract [hooks.onConnectFailed](errno: number): void;
  /** Nothing will happen any more but 'error' and 'close'. */
  protected abstract [hooks.onDestroy](): void;
  /** The descriptor is closed; 'close' is about to be told. */
  protected abstract [hooks.onOver](): void;
  /** Called right before 'close'. */
  protected abstract [hooks.onClosed](): void;

  protected override [hooks.setReceiving](on: boolean): void {
    this[hooks.transport]?.setReading(on || this.destroyed);
  }

  protected override get [hooks.limits](): Limits | undefined {
    return this[hooks.transport]?.isUp ? this.#association?.limits : undefined;
  }

  protected override [hooks.onSendBroken](errno: number): void {
    this[hooks.transport]?.investigate(errno, () => {
      const error = systemError('write', errno);
      this[hooks.failOutbox](error);
      this.destroy(error);
    });
  }

  /** The error comes after what was received, unless nobody reads that. */
  protected override [hooks.onHopelessWrite](): void {
    if (this.#hasHopelessWrite || this.destroyed) return;
    this.#hasHopelessWrite = true;
    const fail = (): void => {
      this.destroy(this[hooks.sendFailure]);
    };
    const nobodyReads = this.readableFlowing === null && this.listenerCount('readable') === 0;
    // Later: what waits in Writable's buffer is to be told first.
    if (nobodyReads || this.readableEnded) setImmediate(fail);
    // A lost association has its error already, which comes as soon as all is read.
    else if (this[hooks.transport]?.peerEnded) this.once('end', fail);
  }

  protected override [hooks.onEnd](): void {
    if (this[hooks.transport]?.isUp) this.#association?.ending.expect();
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.connecting || !this[hooks.isBegun]) {
      this.once('connect', () => {
        this._final(callback);
      });
    } else if (!this.#hasHopelessWrite) {
      this.#association?.ending.begin();
      setImmediate(callback); // as `net`, where the kernel is waited for
    } // else the error is about to destroy the socket
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this[hooks.onDestroy]();
    this[hooks.dropUnread]();
    const finish = (failure: Error | null): void => {
      this.#finish = undefined;
      const wasUp = this[hooks.transport]?.wasUp ?? !this[hooks.isBegun];
      const reason = failure ?? (wasUp ? socketClosed() : closedBeforeConnection());
      this.#association?.ending.over();
      if (this[hooks.transport]?.isDone) this.#association?.dryness.settle();
      else this.#association?.dryness.fail(reason);
      this[hooks.failOutbox](reason);
      this[hooks.onOver]();
      callback(failure);
      // Not within the same wake-up: who awaits 'error' or 'end' must be able to await 'close'.
      setImmediate(() => {
        this[hooks.discard]();
        // What that has scheduled must not find a stream that is connected again.
        process.nextTick(() => {
          this[hooks.onClosed]();
          this.emit('close', failure !== null);
        });
      });
    };
    const transport = this[hooks.transport];
    if (!transport || transport.isClosed) {
      finish(error);
    } else if (!transport.isUp || this.#resets || !this.writableEnded) {
      transport.abort();
      finish(error);
    } else {
      // `end` was called first: nothing that was sent may be lost.
      const wasDone = this.readableEnded && this.writableFinished;
      this.#finish = (failure, isLoss = false) => {
        // Who has destroyed the socket before it was done does not want to hear of a loss.
        const news = isLoss && !wasDone ? null : failure;
        finish(error ?? news ?? null);
      };
      this.#association?.ending.begin();
      transport.setReading(true); // closing with unread input would ABORT
    }
  }

  #settleLater(transport: Transport): void {
    setImmediate(() => {
      if (!transport.isClosed) this[hooks.onSettled]();
    });
  }

  #transportListener(): TransportListener {
    return {
      onUp: () => {
        this[hooks.startSending](this[hooks.transport] as Transport);
        if (this.writableEnded) this.#association?.ending.expect();
        this[hooks.onConnected]();
        this.#settleLater(this[hooks.transport] as Transport);
      },
      onMessage: (data, info) => {
        this.#onMessage(data, info);
      },
      onTooLong: () => {
        this[hooks.reset](receivedTooLong(this[hooks.config].maxMessageSize));
      },
      onNotification: (notification) => {
        this[hooks.onNotification](notification);
      },
      onBatchEnd: () => {
        if (this.destroyed) return;
        this[hooks.limitReadAhead]();
        const unread = this.readAheadBytes;
        const limit = this.#pace.next(unread, this[hooks.config].highWaterMark - unread);
        this[hooks.transport]?.native.limitReads(limit);
      },
      onPeerEnded: () => {
        // What still waits cannot be sent any more.
        this[hooks.failOutbox](writeAfterPeerEnded());
        if (!this.destroyed) this[hooks.endReading]();
      },
      onGone: (errno) => {
        this[hooks.onGone](errno);
      },
      onWritable: () => {
        this[hooks.flushOutbox]();
      },
    };
  }

  #onMessage(data: Buffer, info: ReceivedInfo): void {
    this[hooks.onActivity]();
    if (this.destroyed) return;
    this.#bytesRead += data.length;
    this.#pace.count(data.length);
    this[hooks.deliver](data, info);
  }

  /** The association is over. `errno` is negative, 0 after a shutdown. */
  protected [hooks.onGone](errno: number): void {
    const association = this.#association as Association;
    association.ending.over();
    if (errno === 0) association.dryness.settle();
    if (this.#finish) this.#finish(errno === 0 ? undefined : this[hooks.lossError](errno), true);
    else if (errno !== 0 && association.transport.wasUp) this.#onLost(errno);
    else if (errno !== 0) this[hooks.onConnectFailed](errno);
  }

  /** The error comes after what was received before it. */
  #onLost(errno: number): void {
    const error = this[hooks.lossError](errno);
    this.#association?.dryness.fail(error);
    this[hooks.failOutbox](error);
    if (this.destroyed) return;
    this[hooks.whenRead](() => {
      // After what waited in Writable's buffer has been told to have failed.
      setImmediate(() => this.destroy(error));
    });
    this.#association?.ending.awaitReader(() => {
      if (this[hooks.isAbandoned]) this.destroy(error);
    });
  }
}
