/** The state of one association, from its start to its end, and what is waited for. */
import { constants as os } from 'node:os';

import type { NativeNotification } from '../../types/native-values';
import { constants } from '../constants';
import type { Link, StreamCounts } from './link';

const { SCTP_COMM_UP, SCTP_RESTART, SCTP_SHUTDOWN_COMP } = constants;
const { ECONNRESET, EPIPE, ETIMEDOUT } = os.errno;

type AssocChange = Extract<NativeNotification, { type: 'assocChange' }>;

/**
 * How often to look for the end of an association whose peer has shut down, in milliseconds. At
 * first at once: most have ended as soon as the peer's SHUTDOWN was answered.
 */
const FIRST_DELAY = 1;
const SLOWEST_DELAY = 100;

const NO_CAUSES = Object.freeze<AssocChange['causes']>([]) as AssocChange['causes'];

/** Each reads up to 64 messages: together more than a receive buffer has of small ones. */
const READS_OF_ALL = 256;

export interface LifeEvents {
  onUp(): void;
  /** The peer has shut down: no more messages will come. */
  onPeerEnded(): void;
  /** The association is over and the Link closed. `errno` is negative, 0 after a shutdown. */
  onOver(errno: number): void;
}

export class Life {
  readonly #link: Link;
  readonly #events: LifeEvents;
  #state: 'starting' | 'up' | 'closed' = 'starting';
  #wasUp = false;
  #reading = true;
  #writing = false;
  #referenced = true;
  #peerEnded = false;
  /** The association is lost: the errno that its notification suggests, or 0. */
  #lost = 0;
  /** The error causes in the ABORT of the peer, if there was one. */
  #causes = NO_CAUSES;
  #begunWith: StreamCounts | undefined;
  /** The errno that a send got, which reading will not get again; or 0. */
  #sendError = 0;
  #isSendBroken = false;
  #endedInOrder = false;
  #isDropped = false;
  /** The peer's end is to be reported, and after it the end of the association. */
  #isPeerEndDue = false;
  #isOverDue = false;
  #poll: NodeJS.Timeout | undefined;

  constructor(link: Link, events: LifeEvents) {
    this.#link = link;
    this.#events = events;
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  get wasUp(): boolean {
    return this.#wasUp;
  }

  /** How many streams it began with, as its start was reported, if it was. */
  get begunWith(): StreamCounts | undefined {
    return this.#begunWith;
  }

  /** Whether the association has ended in order. */
  get endedInOrder(): boolean {
    return this.#endedInOrder;
  }

  /** Whether the Link is closed. */
  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Whether what comes in is read. */
  get isReading(): boolean {
    return this.#reading;
  }

  /** Whether the peer has shut down. */
  get peerEnded(): boolean {
    return this.#peerEnded;
  }

  /** The error causes in the peer's ABORT. */
  get causes(): AssocChange['causes'] {
    return this.#causes;
  }

  /** Begins to receive. @param up whether the association is established already */
  start(up: boolean): void {
    if (up) this.#setUp();
    this.#watch();
  }

  setReading(on: boolean): void {
    // Once a send has failed, reading must go on until the cause is found.
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

  /**
   * A send has failed for good: finds out why, even if nobody reads.
   * @param unexplained nothing has happened that would be reported otherwise
   */
  investigate(errno: number, unexplained: () => void): void {
    // EPIPE does not say what the error is.
    if (errno !== -EPIPE) this.#sendError = errno;
    this.#isSendBroken = true;
    this.setReading(true);
    setImmediate(() => {
      this.#link.drain(() => this.#isUnexplained());
      if (this.#isUnexplained()) unexplained();
    });
  }

  ref(): void {
    this.#referenced = true;
    this.#link.ref();
    this.#poll?.ref();
  }

  unref(): void {
    this.#referenced = false;
    this.#link.unref();
    this.#poll?.unref();
  }

  /** The Link is somebody else's to close. No event follows. */
  letGo(): void {
    this.#isDropped = true;
    this.#release();
  }

  /** What a notification means for the association. */
  onNotification(notification: NativeNotification): void {
    if (notification.type === 'shutdown') this.onPeerEnded();
    if (notification.type === 'assocChange') this.#onAssocChange(notification);
  }

  onPeerEnded(): void {
    if (this.#peerEnded || this.#lost !== 0 || this.#state === 'closed') return;
    this.#peerEnded = true;
    this.#isPeerEndDue = true;
    // The rest of the wake-up may bring the end of the association itself.
    this.#emitLater(() => {
      try {
        if (!this.isClosed) this.#awaitEnd();
      } finally {
        this.#isPeerEndDue = false;
        this.#reportPeerEnd();
      }
    });
  }

  #reportPeerEnd(): void {
    try {
      this.#events.onPeerEnded();
    } finally {
      if (this.#isOverDue) this.#events.onOver(0);
    }
  }

  /** Closes the Link of an association that is over. */
  end(errno: number): void {
    if (this.#state === 'closed') return;
    this.#endedInOrder = errno === 0;
    this.#release();
    this.#link.close();
    // The peer's end, which waits for the rest of the wake-up, comes first.
    if (errno === 0 && this.#isPeerEndDue && this.#link.mayEndSilently) {
      this.#isOverDue = true;
      return;
    }
    this.#emitLater(() => {
      this.#events.onOver(errno);
    });
  }

  /** The peer has shut down. */
  #awaitEnd(): void {
    this.#watch();
    if (this.#link.mayEndSilently) this.#pollForEnd(FIRST_DELAY);
  }

  #setUp(): void {
    this.#state = 'up';
    this.#wasUp = true;
  }

  #release(): void {
    this.#state = 'closed';
    clearTimeout(this.#poll);
  }

  #watch(): void {
    if (this.#state === 'closed') return;
    this.#link.watch(this.#wantsReading(), this.#writing);
  }

  /**
   * Once the peer has ended, a descriptor may stay readable with nothing to read; others report the
   * association's end, and nothing else.
   */
  #wantsReading(): boolean {
    return this.#peerEnded ? !this.#link.mayEndSilently : this.#reading;
  }

  #onAssocChange(change: AssocChange): void {
    const { state, causes, inboundStreams: inStreams, outboundStreams: outStreams } = change;
    if (state === SCTP_COMM_UP) {
      this.#begunWith = { inStreams, outStreams };
      if (this.#state !== 'starting') return;
      this.#setUp();
      this.#events.onUp();
    } else if (state === SCTP_SHUTDOWN_COMP) {
      this.onPeerEnded();
      this.end(0);
    } else if (state !== SCTP_RESTART && this.#state !== 'closed') {
      // The descriptor's error, which says why, usually follows at once.
      this.#causes = causes;
      this.#lost = causes.length > 0 ? -ECONNRESET : -ETIMEDOUT;
      setImmediate(() => {
        this.#settleLoss();
      });
    }
  }

  /** Whether the association is, as far as we know, alive. */
  #isUnexplained(): boolean {
    return this.#state !== 'closed' && this.#lost === 0 && !this.#peerEnded;
  }

  /** Reads what the kernel has, but no more than that: more may come all the time. */
  readAll(): void {
    this.readWhile(() => true);
  }

  /** The same, as long as more is wanted. */
  readWhile(isWanted: () => boolean): void {
    let reads = 0;
    this.#link.drain(() => this.#state !== 'closed' && reads++ < READS_OF_ALL && isWanted());
  }

  /** What the kernel still has is bounded: the association is over, or about to be. */
  #readRest(): void {
    this.#link.drain(() => this.#state !== 'closed');
  }

  #settleLoss(): void {
    this.#readRest();
    this.end(this.#sendError === 0 ? this.#lost : this.#sendError);
  }

  /** Looks for the end, after the peer has shut down, where nothing may report it. */
  #pollForEnd(nextDelay: number): void {
    const isOver = this.#link.isGone();
    this.#readRest();
    if (isOver && this.#lost === 0) {
      this.end(0);
    } else if (!this.isClosed) {
      this.#poll = setTimeout(() => {
        this.#pollForEnd(Math.min(nextDelay * 2, SLOWEST_DELAY));
      }, nextDelay);
      if (!this.#referenced) this.#poll.unref();
    }
  }

  /**
   * An end is emitted apart from earlier events of the same wake-up: code that awaits one of those
   * must still be able to await the end.
   */
  #emitLater(emit: () => void): void {
    setImmediate(() => {
      if (!this.#isDropped) emit();
    });
  }
}
