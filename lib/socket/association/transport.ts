/** One association on a one-to-one socket: makes of the native side's events what a Socket needs. */
import { constants as os } from 'node:os';

import type { ReceivedInfo } from '../../../types/messages';
import type { NativeNotification, NativeSendInfo, NativeStreamSocket } from '../../../types/native';
import { BatchReader } from '../../batch';
import { binding } from '../../binding';

const { SCTP_COMM_UP, SCTP_RESTART, SCTP_SHUTDOWN_COMP } = binding.constants;
const { ECONNRESET, EPIPE, ETIMEDOUT } = os.errno;

type AssocChange = Extract<NativeNotification, { type: 'assocChange' }>;

/** How often to look for the end of an association whose peer has shut down, in ms. */
const FIRST_LOOK = 1;
const SLOWEST_LOOK = 100;

export interface TransportListener {
  onUp(): void;
  onMessage(data: Buffer, info: ReceivedInfo): void;
  /** Told before what it means. */
  onNotification(notification: NativeNotification): void;
  /** The peer sends a message longer than the limit. */
  onTooLong(): void;
  /** Everything that one wake-up brought has been told. */
  onBatchEnd(): void;
  /** The peer has shut down: no more messages will come. */
  onPeerEnded(): void;
  /** The association is over and the descriptor closed. `errno` is negative, 0 after a shutdown. */
  onGone(errno: number): void;
  onWritable(): void;
}

export class Transport {
  readonly native: NativeStreamSocket;
  readonly #listener: TransportListener;
  #state: 'starting' | 'up' | 'closed' = 'starting';
  #wasUp = false;
  #reading = true;
  #writing = false;
  #referenced = true;
  #peerEnded = false;
  #peerPort: number | undefined;
  /** The association is lost: the errno that its notification suggests, or 0. */
  #lost = 0;
  /** What a send has been told, and reading will not be told again; or 0. */
  #sendError = 0;
  #isSendBroken = false;
  #isDone = false;
  #isDropped = false;
  #look: NodeJS.Timeout | undefined;

  constructor(native: NativeStreamSocket, listener: TransportListener) {
    this.native = native;
    this.#listener = listener;
    const isClosed = (): boolean => this.isClosed;
    const reader = new BatchReader({
      get receiving() {
        return !isClosed();
      },
      copies: false,
      onMessage: (data, _peer, info) => {
        listener.onMessage(data, info);
      },
      onTooLong: () => {
        listener.onTooLong();
      },
      onCutOff: () => undefined, // the notification of the loss follows
      onNotification: (notification) => {
        this.#onNotification(notification);
      },
      onEnd: () => {
        this.#onPeerEnded();
      },
      onError: (errno) => {
        this.#end(errno);
      },
    });
    native.onBatch = (count, slab, extras): void => {
      reader.read(count, slab, extras);
      if (this.#state !== 'closed') listener.onBatchEnd();
    };
    native.onWritable = (): void => {
      listener.onWritable();
    };
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  get wasUp(): boolean {
    return this.#wasUp;
  }

  /** Whether the association has ended in order. */
  get isDone(): boolean {
    return this.#isDone;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Whether what comes is read. */
  get isReading(): boolean {
    return this.#reading;
  }

  /** Whether the peer has shut down. */
  get peerEnded(): boolean {
    return this.#peerEnded;
  }

  /** Begins to receive. @param up whether the association is established already */
  start(up: boolean): void {
    if (up) this.#setUp();
    this.#watch();
  }

  setReading(on: boolean): void {
    // Once a send has failed, reading must get to what has happened.
    const reading = on || this.#isSendBroken;
    if (this.#reading === reading) return;
    this.#reading = reading;
    this.#watch();
  }

  setWriting(on: boolean): void {
    if (this.#writing === on) return;
    this.#writing = on;
    this.#watch();
  }

  /** @returns bytes, or negative errno */
  send(data: Buffer, info: NativeSendInfo, address: string | undefined): number {
    if (address === undefined) return this.native.send(data, ...info);
    this.#peerPort ??= this.native.peerAddress()?.port;
    return this.native.send(data, ...info, address, this.#peerPort);
  }

  /**
   * A send has failed for good: find out what has happened, also if nobody reads.
   * @param unexplained nothing has happened that would be told otherwise
   */
  investigate(errno: number, unexplained: () => void): void {
    // EPIPE only says that there is an error, not which.
    if (errno !== -EPIPE) this.#sendError = errno;
    this.#isSendBroken = true;
    this.setReading(true);
    setImmediate(() => {
      while (this.#isUnexplained() && this.native.receive() === 1);
      if (this.#isUnexplained()) unexplained();
    });
  }

  ref(): void {
    this.#referenced = true;
    this.native.ref();
    this.#look?.ref();
  }

  unref(): void {
    this.#referenced = false;
    this.native.unref();
    this.#look?.unref();
  }

  /** Closes, with an ABORT if the association is not over yet. Nothing is told any more. */
  abort(): void {
    this.#isDropped = true;
    this.#release();
    this.native.abort();
  }

  #setUp(): void {
    this.#state = 'up';
    this.#wasUp = true;
  }

  #release(): void {
    this.#state = 'closed';
    clearTimeout(this.#look);
  }

  #watch(): void {
    if (this.#state === 'closed') return;
    // Once the peer has ended the socket is readable for ever, with nothing to read.
    this.native.watch(this.#reading && !this.#peerEnded, this.#writing);
  }

  #onNotification(notification: NativeNotification): void {
    try {
      this.#listener.onNotification(notification);
    } finally {
      if (notification.type === 'shutdown') this.#onPeerEnded();
      if (notification.type === 'assocChange') this.#onAssocChange(notification);
    }
  }

  #onAssocChange({ state, causes }: AssocChange): void {
    if (state === SCTP_COMM_UP) {
      if (this.#state !== 'starting') return;
      this.#setUp();
      this.#listener.onUp();
    } else if (state === SCTP_SHUTDOWN_COMP) {
      this.#onPeerEnded();
      this.#end(0);
    } else if (state !== SCTP_RESTART && this.#state !== 'closed') {
      // The socket's error, which says why, usually follows at once.
      this.#lost = causes.length > 0 ? -ECONNRESET : -ETIMEDOUT;
      setImmediate(() => {
        this.#settleLoss();
      });
    }
  }

  /** Whether as far as we know the association goes on. */
  #isUnexplained(): boolean {
    return this.#state !== 'closed' && this.#lost === 0 && !this.#peerEnded;
  }

  /** What the kernel still has is bounded: the association is over, or about to be. */
  #readAll(): void {
    while (this.#state !== 'closed' && this.native.receive() === 1);
  }

  #settleLoss(): void {
    this.#readAll();
    this.#end(this.#sendError === 0 ? this.#lost : this.#sendError);
  }

  #onPeerEnded(): void {
    if (this.#peerEnded || this.#lost !== 0 || this.#state === 'closed') return;
    this.#peerEnded = true;
    this.#watch();
    this.#lookForEnd(FIRST_LOOK);
    this.#tell(() => {
      this.#listener.onPeerEnded();
    });
  }

  /**
   * Waits for the end of the association, after the peer has shut down. The poll cannot tell: the
   * socket counts as readable all the time. Nor can notifications alone: the kernel drops them
   * where shutdown() has come after the peer's.
   */
  #lookForEnd(delay: number): void {
    this.#look = setTimeout(() => {
      const isOver = this.native.peerAddress() === undefined;
      this.#readAll();
      if (isOver && this.#lost === 0) this.#end(0);
      else if (!this.isClosed) this.#lookForEnd(Math.min(delay * 2, SLOWEST_LOOK));
    }, delay);
    if (!this.#referenced) this.#look.unref();
  }

  #end(errno: number): void {
    if (this.#state === 'closed') return;
    this.#isDone = errno === 0;
    this.#release();
    this.native.close();
    this.#tell(() => {
      this.#listener.onGone(errno);
    });
  }

  /**
   * An end is told apart from what came before it in the same wake-up: who awaits that must be
   * able to await the end as well.
   */
  #tell(news: () => void): void {
    setImmediate(() => {
      if (!this.#isDropped) news();
    });
  }
}
