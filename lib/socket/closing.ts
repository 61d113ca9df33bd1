/** How a Socket ends: in order, by an error, or because the association does. */
import type { Duplex } from 'node:stream';

import type { Association } from '../association/association';
import { closedBeforeConnection, socketClosed } from '../errors';
import type { Reading } from './reading/reading';
import type { SingleStreams } from './streams/single-streams';
import type { Batches } from './writing/batches';

/** What Closing needs of its Socket. */
export interface ClosingHost {
  readonly socket: Duplex;
  readonly reading: Reading;
  readonly batches: Batches;
  readonly streams: SingleStreams;
  readonly association: Association | undefined;
  readonly config: { readonly byteStream: boolean };
  /** Whether there is an association, or is to be one. */
  readonly isBegun: boolean;
  readonly isConnecting: boolean;
  /** The socket is destroyed: nothing follows but 'error' and 'close'. */
  onDestroy(error: Error | null): void;
  /** The descriptor is closed; 'close' follows. */
  onDescriptorClosed(): void;
  /** Called right before 'close'. */
  onClose(): void;
}

export class Closing {
  readonly #stream: Duplex;
  readonly #host: ClosingHost;
  /** An ABORT is wanted, whatever was called before. */
  #resets = false;
  #hasHopelessWrite = false;
  /** Received messages were dropped unread: an orderly end would claim the opposite. */
  #hasDropped = false;
  /** `_destroy` waits for the association to end in order; it calls back with this. */
  #finish: ((error?: Error, isLoss?: boolean) => void) | undefined;

  constructor(host: ClosingHost) {
    this.#stream = host.socket;
    this.#host = host;
  }

  /** For another association. */
  renew(): void {
    this.#resets = false;
    this.#hasHopelessWrite = false;
    this.#hasDropped = false;
  }

  /** Ends the association at once, with an ABORT, whatever has been called before. */
  reset(error?: Error): void {
    this.#resets = true;
    if (this.#finish) {
      this.#host.association?.abort();
      this.#finish(error);
    } else {
      this.#stream.destroy(error);
    }
  }

  /** `_final`: everything written has left. */
  final(callback: (error?: Error | null) => void): void {
    if (this.#host.isConnecting || !this.#host.isBegun) {
      this.#stream.once('connect', () => {
        this.final(callback);
      });
    } else if (!this.#hasHopelessWrite) {
      this.#host.batches.whenSent(() => {
        // As `net`, where the kernel is waited for; and `destroy` may follow at once.
        setImmediate(() => {
          if (!this.#stream.destroyed) this.#shutDown();
          callback();
        });
      });
    } // else the error is about to destroy the socket
  }

  /**
   * SHUTDOWN goes out once everything is acknowledged, whenever the kernel is asked for it. Where
   * messages are unread that is no earlier than then: they may yet be dropped.
   */
  #shutDown(): void {
    const { association } = this.#host;
    if (this.#isUnread() && !this.#host.config.byteStream)
      association?.ending.whenAcknowledged(() => {
        if (!this.#hasDropped) association.ending.begin();
      });
    else association?.ending.begin();
  }

  #isUnread(): boolean {
    return this.#host.reading.tally.charge > 0 || this.#stream.readableLength > 0;
  }

  /** `_destroy` */
  destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const { reading, batches, streams, association, isConnecting } = this.#host;
    if (!this.#resets) batches.flushCollected();
    this.#hasDropped ||= this.#isUnread();
    this.#host.onDestroy(error);
    reading.drop();
    streams.close();
    if (!association || association.isClosed) {
      this.#close(error, callback, isConnecting);
    } else if (association.isUp && this.#host.config.byteStream && !this.#resets) {
      association.leave();
      this.#close(error, callback);
    } else if (!association.isUp || this.#resets || !this.#stream.writableEnded) {
      association.abort();
      this.#close(error, callback);
    } else {
      this.#endInOrder(association, error, callback);
    }
  }

  /** A message has come that nobody will read. */
  onDropped(): void {
    if (this.#hasDropped) return;
    this.#hasDropped = true;
    if (this.#finish) this.#abortWhenAcknowledged();
  }

  /** `end` was called first: nothing that was sent may be lost. */
  #endInOrder(
    association: Association,
    error: Error | null,
    callback: (error: Error | null) => void,
  ): void {
    const wasDone = this.#stream.readableEnded && this.#stream.writableFinished;
    const finish = (failure?: Error, isLoss = false): void => {
      // After a `destroy` before it was done, a loss is not reported.
      const reported = isLoss && !wasDone ? null : failure;
      this.#close(error ?? reported ?? null, callback);
    };
    this.#finish = finish;
    association.setReading(true); // closing with unread input would ABORT
    association.readAll();
    if (this.#hasDropped) this.#abortWhenAcknowledged();
    else association.ending.begin();
  }

  /** The peer must not take for handled what nobody has read. */
  #abortWhenAcknowledged(): void {
    const { association } = this.#host;
    association?.ending.whenAcknowledged(() => {
      if (!this.#finish) return; // over by itself
      association.abort();
      this.#finish();
    });
  }

  #close(
    failure: Error | null,
    callback: (error: Error | null) => void,
    wasConnecting = false,
  ): void {
    this.#finish = undefined;
    const { association, reading, batches } = this.#host;
    const wasUp = association?.wasUp ?? !wasConnecting;
    const reason = (): Error => failure ?? (wasUp ? socketClosed() : closedBeforeConnection());
    association?.release(reason);
    batches.fail(reason);
    this.#host.onDescriptorClosed();
    callback(failure);
    // Not within the same wake-up: code that awaits 'error' or 'end' must be able to await 'close'.
    setImmediate(() => {
      const emitClose = (): void => {
        this.#host.onClose();
        this.#stream.emit('close', failure !== null);
      };
      // What that has scheduled must run before the stream may connect again.
      if (reading.discardBuffer()) process.nextTick(emitClose);
      else emitClose();
    });
  }

  /** The association is over, after a loss if `error` is given. @returns whether that was awaited */
  onOver(error: Error | undefined): boolean {
    if (!this.#finish) return false;
    this.#finish(error, true);
    return true;
  }

  /** The association is lost. The error comes after what was received before it. */
  onLost(error: Error): void {
    const { association, batches, reading, streams } = this.#host;
    association?.fail(error);
    batches.fail(error);
    if (this.#stream.destroyed) return;
    this.whenRead(() => {
      // After what waited in Writable's buffer has failed.
      setImmediate(() => this.#stream.destroy(error));
    });
    association?.ending.awaitReader(() => {
      if (reading.isAbandoned || streams.isAbandoned) this.#stream.destroy(error);
    });
  }

  /** A message was written that cannot be sent. Its error comes after what was received. */
  onHopelessWrite(): void {
    const stream = this.#stream;
    if (this.#hasHopelessWrite || stream.destroyed) return;
    this.#hasHopelessWrite = true;
    const fail = (): void => {
      stream.destroy(this.#host.batches.failure);
    };
    const nobodyReads = stream.readableFlowing === null && stream.listenerCount('readable') === 0;
    // Later: what waits in Writable's buffer fails first.
    if (nobodyReads || stream.readableEnded) setImmediate(fail);
    // A lost association has its error already, which comes as soon as all is read.
    else if (this.#host.association?.peerEnded) stream.once('end', fail);
  }

  /** Calls back as soon as everything that was received is read, here and from single streams. */
  whenRead(callback: () => void): void {
    const { reading, streams } = this.#host;
    const unread = new Set<object>([reading, ...streams.all]);
    const onRead = (reader: object): void => {
      unread.delete(reader);
      if (unread.size === 0 && !this.#stream.destroyed) callback();
    };
    reading.whenRead(() => {
      onRead(reading);
    });
    streams.whenRead(onRead);
  }
}
