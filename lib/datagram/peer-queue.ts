/** Messages for one peer of a handle on their way to the kernel, bounded for it and for the handle. */
import { constants as os } from 'node:os';
import { debuglog } from 'node:util';

import type { NativeSendInfo } from '../../types/native';
import { Outbox } from '../association/outbox';
import { TickHold } from '../association/tick-hold';
import type { Peer } from '../batch';
import { LONGEST_IN_BURST, type SaidByDefault } from '../burst';
import { sendBufferFull } from '../errors';
import type { EndpointLink } from '../endpoint/endpoint-link';
import type { Share, SharedLimit } from '../endpoint/shared-limit';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import type { ReadyMessage } from './ready-message';
import { WaitingBytes } from './waiting-bytes';

const { EAGAIN, EINVAL } = os.errno;
/** Batches that are read before what waits is tried again. */
const READS_BEFORE_RETRY = 4;
/** Where `NativeSendInfo` has it. */
const AUTH_KEY_NUMBER = 6;
const trace = debuglog('kernel-sctp');
/** To ask it for each message costs as much as the rest. */
const isTracing = trace.enabled;

/** What this needs of its peer. */
export interface PeerQueueHost {
  readonly link: EndpointLink;
  readonly place: Peer;
  /** Its association is not up yet. */
  readonly isStarting: boolean;
  readonly isOver: boolean;
  /** The kernel has refused a message that waited; `errno` is negative. */
  onRefused(message: ReadyMessage, errno: number): void;
  /** Nothing waits. */
  onIdle(): void;
}

export class PeerQueue {
  readonly #peer: PeerQueueHost;
  readonly #limit: number;
  readonly #total: SharedLimit;
  readonly #share: Share;
  readonly #waiting = new WaitingBytes();
  readonly #outbox: Outbox<ReadyMessage>;
  readonly #hold = new TickHold(() => {
    this.#outbox.flush(false);
  });
  /** Outbound, as far as was asked. */
  #streams = 0;

  /**
   * @param limit bytes that may wait for this peer
   * @param total for all
   */
  constructor(peer: PeerQueueHost, limit: number, total: SharedLimit) {
    this.#peer = peer;
    this.#limit = limit;
    this.#total = total;
    this.#share = total.makeShare();
    const { link } = peer;
    // No `onBroken`: what ends an association is read as a notification.
    this.#outbox = new Outbox<ReadyMessage>(
      {
        trySend: ({ data, info }) => (peer.isStarting ? -EAGAIN : link.send(data, info, undefined)),
        addWaiting: () => {
          if (!peer.isStarting) this.#waiting.addTo(link);
        },
        onWaitingAccepted: (count) => {
          const before = this.#waiting.bytes;
          this.#waiting.drop(count);
          this.#share.add(this.#waiting.bytes - before);
        },
        sendBurst: () => link.sendBurst(),
        isRetried: () => link.retriesWriting,
        isReported: () => link.reportsRoom,
        watch: (on) => {
          if (!peer.isStarting && !peer.isOver) link.watch(true, on);
        },
        catchUp: () => {
          let reads = 0;
          link.drain(() => reads++ < READS_BEFORE_RETRY);
        },
        onRefused: (message, errno) => {
          this.#onLeft(message);
          peer.onRefused(message, errno);
        },
        onIdle: () => {
          peer.onIdle();
        },
      },
      this.#waiting,
    );
  }

  /** How many messages wait. */
  get length(): number {
    return this.#outbox.length;
  }

  /** Bytes that they have. */
  get bytes(): number {
    return this.#outbox.bytes - this.#outbox.length * MESSAGE_OVERHEAD;
  }

  /**
   * The first message of a tick is tried at once, so that its sender learns what becomes of it;
   * those that follow within the tick leave together, as far as there is room for them to wait.
   * @returns bytes taken by the kernel; -EAGAIN if the message has to wait, or another errno
   */
  try(message: ReadyMessage): number {
    if (this.#hold.isHolding && canBeHeld(message) && this.#hasRoom(message)) {
      return this.#hasStream(message.info[0]) ? -EAGAIN : -EINVAL;
    }
    this.#hold.release();
    const result = this.#outbox.try(message);
    if (result >= 0 && canBeHeld(message)) this.#hold.hold();
    return result;
  }

  /**
   * Takes a short message that needs no try: others of its tick, or of before, wait, and there is room.
   * @returns whether it did; else `try` is to be called
   */
  collect(
    data: Uint8Array,
    length: number,
    info: NativeSendInfo,
    byDefault: SaidByDefault,
  ): boolean {
    const { isHolding } = this.#hold;
    if (isHolding) {
      if (info[AUTH_KEY_NUMBER] !== undefined || info[0] >= this.#streams) return false;
    } else if (this.#outbox.length === 0 || this.#peer.isStarting) return false;
    const charge = this.#outbox.charge(length);
    if (length > LONGEST_IN_BURST) return false;
    if (this.#outbox.bytes + charge > this.#limit || !this.#share.hasRoom(charge)) return false;
    this.#keep(data, length, info, byDefault);
    return true;
  }

  /** Lets a message wait. @throws ERR_SCTP_SEND_BUFFER_FULL */
  push({ data, info, byDefault }: ReadyMessage): void {
    const charge = this.#outbox.charge(data.length);
    const { bytes } = this.#outbox;
    if (bytes + charge > this.#limit) {
      throw sendBufferFull(data.length, bytes, this.#limit, this.#place());
    }
    if (!this.#share.hasRoom(charge)) {
      const name = 'totalSendBufferLimit';
      const { bytes: all, limit } = this.#total;
      throw sendBufferFull(data.length, all, limit, this.#place(), name);
    }
    this.#keep(data, data.length, info, byDefault);
  }

  /** The association is up: what waits may leave. */
  open(): void {
    this.#outbox.open();
    this.#outbox.flush(false);
  }

  /** The peer has restarted. */
  forgetStreams(): void {
    this.#streams = 0;
  }

  /** There may be room in the kernel. */
  flush(): void {
    this.#outbox.flush(true);
  }

  /** Gives up what waits. */
  takeAll(): ReadyMessage[] {
    const waiting = this.#outbox.takeAll();
    for (const message of waiting) this.#onLeft(message);
    return waiting;
  }

  /** The handle is about to be closed. */
  drop(): void {
    this.#hold.drop();
    this.#outbox.drop();
  }

  /** Whether a message may wait. */
  #hasRoom({ data }: ReadyMessage): boolean {
    const charge = this.#outbox.charge(data.length);
    return this.#outbox.bytes + charge <= this.#limit && this.#share.hasRoom(charge);
  }

  /** Whether the association has this outbound stream. */
  #hasStream(sid: number): boolean {
    if (sid < this.#streams) return true;
    const status = this.#peer.link.getOption('status', {});
    // One that is over has refused nothing yet: what becomes of the message is reported.
    if (typeof status === 'number') return true;
    this.#streams = Number(status['outStreams']);
    return sid < this.#streams;
  }

  #keep(data: Uint8Array, length: number, info: NativeSendInfo, byDefault: SaidByDefault): void {
    this.#waiting.add(data, length, info, byDefault);
    this.#share.add(this.#outbox.charge(length));
    if (this.#hold.isHolding) {
      if (this.#outbox.onCollected()) this.#hold.release();
      return;
    }
    this.#outbox.onQueued();
    if (isTracing) trace('queued %d bytes to %o', length, this.#peer.place);
  }

  #onLeft({ data }: ReadyMessage): void {
    this.#share.add(-this.#outbox.charge(data.length));
  }

  #place(): { address: string; port: number } {
    const { address, port } = this.#peer.place;
    return { address, port };
  }
}

/** Long ones gain nothing; whether the association has the key is for the kernel to say. */
function canBeHeld({ data, info }: ReadyMessage): boolean {
  return data.length <= LONGEST_IN_BURST && info[AUTH_KEY_NUMBER] === undefined;
}
