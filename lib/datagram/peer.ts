/** One peer of a handle: what waits for it, and what becomes of its association. */
import { constants as os } from 'node:os';
import { debuglog } from 'node:util';

import type { DatagramAssociation } from '../../types/datagram';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSendInfo } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { FailedMessages } from '../association/failed-messages';
import { Outbox } from '../association/outbox';
import { releaseAll, TickHold } from '../association/tick-hold';
import type { Peer } from '../batch';
import { LONGEST_IN_BURST, type SaidByDefault } from '../burst';
import { constants } from '../constants';
import { sendBufferFull } from '../errors';
import type { EndpointLink } from '../endpoint/endpoint-link';
import type { EndpointLinkListener } from '../endpoint/link-listener';
import type { Share, SharedLimit } from '../endpoint/shared-limit';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import { type PeerEnd, PublishedPeer } from './published-peer';
import {
  assocChangeText,
  receiveErrorText,
  sendErrorText,
  sendFailedText,
  unconfirmedText,
} from './reports';

const { EAGAIN, EINVAL, EPIPE } = os.errno;
/** Linux's number: `os.constants` lacks it. */
const ESHUTDOWN = 108;
const { SCTP_COMM_UP, SCTP_RESTART, SCTP_SHUTDOWN_COMP } = constants;
/** The association is over, or ends. */
const ENDED = new Set([-EPIPE, -ESHUTDOWN]);
/** Batches that are read before what waits is tried again. */
const READS_BEFORE_RETRY = 4;
/** Where `NativeSendInfo` has it. */
const AUTH_KEY_NUMBER = 6;
const trace = debuglog('kernel-sctp');

type AssocChange = Extract<NativeNotification, { type: 'assocChange' }>;

/** A message, ready for the kernel. */
export interface ReadyMessage {
  readonly data: Buffer;
  readonly info: NativeSendInfo;
  /** What of that the kernel does by itself. */
  readonly byDefault: SaidByDefault;
}

/** What a peer asks of its handle. */
export interface DatagramPeerHost {
  /** Bytes that may wait for one peer, and for all. */
  readonly limit: number;
  readonly total: SharedLimit;
  report(text: string): void;
  onMessage(data: Buffer, peer: Peer, info: ReceivedInfo): void;
  onTooLarge(length: number, peer: Peer): void;
  /** Nothing waits for this one. */
  onIdle(): void;
  onPeeledOff(peer: DatagramPeer): void;
  /** Its association is over. */
  onOver(peer: DatagramPeer): void;
}

export class DatagramPeer implements EndpointLinkListener {
  readonly link: EndpointLink;
  /** As the program, or the kernel, has called it first. */
  readonly place: Peer;
  readonly #host: DatagramPeerHost;
  readonly #published: PublishedPeer;
  readonly #share: Share;
  readonly #outbox: Outbox<ReadyMessage>;
  readonly #failedMessages = new FailedMessages();
  readonly #hold = new TickHold(() => {
    this.#outbox.flush(false);
  });
  /** Outbound, as far as was asked. */
  #streams = 0;
  #state: DatagramAssociation['state'] | 'over' = 'starting';
  /** `shutdown` was called. */
  #isToEnd = false;
  #waiters: ((inOrder: boolean) => void)[] = [];

  constructor(link: EndpointLink, place: Peer, host: DatagramPeerHost) {
    this.link = link;
    this.place = place;
    this.#published = new PublishedPeer(place);
    this.#host = host;
    this.#share = host.total.makeShare();
    // No `onBroken`: what ends an association is read as a notification.
    this.#outbox = new Outbox<ReadyMessage>(
      {
        trySend: ({ data, info }) =>
          this.#state === 'starting' ? -EAGAIN : link.send(data, info, undefined),
        addToBurst: ({ data, info, byDefault }) =>
          this.#state !== 'starting' && link.addToBurst(data, info, byDefault),
        sendBurst: () => link.sendBurst(),
        isRetried: () => link.retriesWriting,
        watch: (on) => {
          if (this.#state === 'up' || this.#state === 'ending') link.watch(true, on);
        },
        catchUp: () => {
          let reads = 0;
          link.drain(() => reads++ < READS_BEFORE_RETRY);
        },
        onAccepted: (message) => {
          this.#onLeft(message);
        },
        onRefused: (message, errno) => {
          this.#onLeft(message);
          if (ENDED.has(errno)) this.#reportUnsent(message);
          else this.#reportLater(sendErrorText(errno, this.place, message.data.length));
        },
        onIdle: () => {
          this.#onIdle();
        },
      },
      MESSAGE_OVERHEAD,
    );
    link.attach(this);
  }

  get state(): DatagramAssociation['state'] {
    return this.#isToEnd || this.#state === 'over' ? 'ending' : this.#state;
  }

  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#outbox.length;
  }

  /** Bytes that they have. */
  get waitingBytes(): number {
    return this.#outbox.bytes - this.#outbox.length * MESSAGE_OVERHEAD;
  }

  /**
   * The first message of a tick is tried at once, so that its sender learns what becomes of it;
   * those that follow within the tick leave together, as far as there is room for them to wait.
   * @returns bytes taken by the kernel; -EAGAIN if the message has to wait, or another errno
   */
  try(message: ReadyMessage): number {
    if (this.#isToEnd) return -ESHUTDOWN;
    if (this.#hold.isHolding && canBeHeld(message) && this.#hasRoom(message)) {
      return this.#hasStream(message.info[0]) ? -EAGAIN : -EINVAL;
    }
    this.#hold.release();
    const result = this.#outbox.try(message);
    if (result >= 0 && canBeHeld(message)) this.#hold.hold();
    return result;
  }

  /** Lets a message wait. @throws ERR_SCTP_SEND_BUFFER_FULL */
  queue({ data, info, byDefault }: ReadyMessage): void {
    const { total, limit } = this.#host;
    const charge = this.#outbox.charge(data.length);
    const { bytes } = this.#outbox;
    if (bytes + charge > limit) throw sendBufferFull(data.length, bytes, limit, placeOf(this));
    if (!this.#share.hasRoom(charge)) {
      const name = 'totalSendBufferLimit';
      throw sendBufferFull(data.length, total.bytes, total.limit, placeOf(this), name);
    }
    this.#share.add(charge);
    // Our own copy: the caller may reuse its buffer as soon as send() has returned.
    const message = { data: copyOf(data), info, byDefault };
    if (this.#hold.isHolding) {
      if (this.#outbox.collect(message)) this.#hold.release();
      return;
    }
    this.#outbox.queue(message);
    // It costs as much as the rest even where it is off.
    if (trace.enabled) trace('queued %d bytes to %o', data.length, this.place);
  }

  /** Ends the association once what waits has left. @returns whether it has ended in order */
  shutdown(): Promise<boolean> {
    if (this.#state === 'over') return Promise.resolve(false);
    releaseAll();
    this.#isToEnd = true;
    this.#endIfIdle();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  /** Ends the association at once; what waits is discarded. @param reason for the peer */
  abort(reason?: Uint8Array): void {
    releaseAll();
    this.link.abort(reason);
    this.#finish('local');
  }

  /** The handle has closed. */
  close(): void {
    this.#hold.drop();
    this.#outbox.drop();
    this.link.close();
    this.#finish('closed');
  }

  // --- What its descriptor reports ---

  onMessage(data: Buffer, info: ReceivedInfo, peer: Peer): void {
    this.#host.onMessage(data, peer, info);
  }

  onTooLarge(length: number, peer: Peer): void {
    this.#host.onTooLarge(length, peer);
  }

  onNotification(notification: NativeNotification, peer: Peer): void {
    if (notification.type === 'sendFailed') {
      const failed = this.#failedMessages.add(notification);
      if (failed) {
        this.#published.onFailed(failed);
        this.#host.report(sendFailedText(failed, peer));
      }
    } else if (notification.type === 'assocChange') {
      if (notification.state === SCTP_COMM_UP) this.#onUp();
      else if (notification.state !== SCTP_RESTART) this.#onOver(notification, peer);
      else this.#onRestart(notification);
    } else if (notification.type === 'shutdown') {
      if (this.#state !== 'ending') this.#reportUnconfirmed(peer);
      this.#state = 'ending';
    }
  }

  onReadEnd(): void {
    // of one-to-one sockets
  }

  onReadError(errno: number): void {
    // -EPIPE: its end was not read yet, and the kernel has given the id to another.
    if (errno === -EPIPE || this.link.isGone()) this.#lose();
    else this.#host.report(receiveErrorText(errno));
  }

  onBatchEnd(): void {
    // each message was handed over as it came
  }

  onWritable(): void {
    this.#outbox.flush(true);
  }

  onPeeledOff(): void {
    this.#host.onPeeledOff(this);
  }

  /** Whether a message may wait. */
  #hasRoom({ data }: ReadyMessage): boolean {
    const charge = this.#outbox.charge(data.length);
    return this.#outbox.bytes + charge <= this.#host.limit && this.#share.hasRoom(charge);
  }

  /** Whether the association has this outbound stream. */
  #hasStream(sid: number): boolean {
    if (sid < this.#streams) return true;
    const status = this.link.getOption('status', {});
    // One that is over has refused nothing yet: what becomes of the message is reported.
    if (typeof status === 'number') return true;
    this.#streams = Number(status['outStreams']);
    return sid < this.#streams;
  }

  #onRestart(change: AssocChange): void {
    this.#streams = 0;
    this.#published.onRestart(change);
  }

  #onUp(): void {
    if (this.#state === 'starting') {
      this.#state = 'up';
      this.#published.onUp();
    }
    this.#outbox.open();
    this.#outbox.flush(false);
    this.#endIfIdle();
  }

  #onOver(change: AssocChange, peer: Peer): void {
    const { state, causes } = change;
    if (state === SCTP_SHUTDOWN_COMP) this.#lose('shutdown');
    else this.#lose(causes.length > 0 ? 'aborted' : 'lost', causes);
    // Last: what `onRecv` throws comes through.
    const text = assocChangeText(change, peer);
    if (text !== undefined) this.#host.report(text);
  }

  /** It is over: nothing that waits can be sent. */
  #lose(how: PeerEnd = 'lost', causes: AssocChange['causes'] = []): void {
    for (const message of this.#finish(how, causes)) this.#reportUnsent(message);
    // The messages that the kernel had come after the end.
    setImmediate(() => {
      try {
        this.link.drain(() => true);
      } finally {
        this.link.close();
      }
    });
  }

  /** Its kernel acknowledges what comes, also if the program that was to read it is gone. */
  #reportUnconfirmed(peer: Peer): void {
    const status = this.link.getOption('status', {});
    const count = typeof status === 'number' ? 0 : Number(status['unackData']);
    if (count > 0) this.#host.report(unconfirmedText(count, peer));
  }

  /** @returns what waited */
  #finish(how: PeerEnd, causes: AssocChange['causes'] = []): ReadyMessage[] {
    if (this.#state === 'over') return [];
    if (this.#state !== 'starting') this.#published.onEnd(how, causes);
    this.#state = 'over';
    const waiting = this.#outbox.takeAll();
    for (const message of waiting) this.#onLeft(message);
    for (const resolve of this.#waiters.splice(0)) resolve(how === 'shutdown');
    this.#host.onOver(this);
    return waiting;
  }

  #onLeft({ data }: ReadyMessage): void {
    this.#share.add(-this.#outbox.charge(data.length));
  }

  #onIdle(): void {
    this.#endIfIdle();
    this.#host.onIdle();
  }

  #endIfIdle(): void {
    if (this.#isToEnd && this.#state === 'up' && this.#outbox.length === 0) this.link.shutdown();
  }

  #reportUnsent({ data, info }: ReadyMessage): void {
    this.#published.onUnsent(data, info);
    const [sid, ppid, , context] = info;
    const about = { length: data.length, sid, ppid, context, sent: false, why: '' };
    this.#reportLater(sendFailedText(about, this.place));
  }

  /** In a tick of its own: an exception from `onRecv` must not stop the others. */
  #reportLater(text: string): void {
    process.nextTick(() => {
      this.#host.report(text);
    });
  }
}

/** Long ones gain nothing; whether the association has the key is for the kernel to say. */
function canBeHeld({ data, info }: ReadyMessage): boolean {
  return data.length <= LONGEST_IN_BURST && info[AUTH_KEY_NUMBER] === undefined;
}

/** Faster than Buffer.from, which does not know what it gets. */
function copyOf(data: Buffer): Buffer {
  const copy = Buffer.allocUnsafe(data.length);
  copy.set(data);
  return copy;
}

function placeOf({ place: { address, port } }: DatagramPeer): { address: string; port: number } {
  return { address, port };
}
