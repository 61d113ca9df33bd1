/** One peer of a handle, and what becomes of its association. `PeerQueue` sends to it. */
import { constants as os } from 'node:os';

import type { DatagramAssociation } from '../../types/datagram';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSendInfo } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { FailedMessages } from '../association/failed-messages';
import { releaseAll } from '../association/tick-hold';
import type { Peer } from '../batch';
import type { SaidByDefault } from '../burst';
import { constants } from '../constants';
import type { EndpointLink } from '../endpoint/endpoint-link';
import type { EndpointLinkListener } from '../endpoint/link-listener';
import type { SharedLimit } from '../endpoint/shared-limit';
import { PeerQueue, type PeerQueueHost } from './peer-queue';
import { type PeerEnd, PublishedPeer } from './published-peer';
import type { ReadyMessage } from './ready-message';
import {
  assocChangeText,
  receiveErrorText,
  sendErrorText,
  sendFailedText,
  unconfirmedText,
} from './reports';

const { EPIPE } = os.errno;
/** Linux's number: `os.constants` lacks it. */
const ESHUTDOWN = 108;
const { SCTP_COMM_UP, SCTP_RESTART, SCTP_SHUTDOWN_COMP } = constants;
/** The association is over, or ends. */
const ENDED = new Set([-EPIPE, -ESHUTDOWN]);
type AssocChange = Extract<NativeNotification, { type: 'assocChange' }>;

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

export class DatagramPeer implements EndpointLinkListener, PeerQueueHost {
  readonly link: EndpointLink;
  /** As the program, or the kernel, has called it first. */
  readonly place: Peer;
  readonly #host: DatagramPeerHost;
  readonly #published: PublishedPeer;
  readonly #queue: PeerQueue;
  readonly #failedMessages = new FailedMessages();
  #state: DatagramAssociation['state'] | 'over' = 'starting';
  /** `shutdown` was called. */
  #isToEnd = false;
  #waiters: ((inOrder: boolean) => void)[] = [];

  constructor(link: EndpointLink, place: Peer, host: DatagramPeerHost) {
    this.link = link;
    this.place = place;
    this.#published = new PublishedPeer(place);
    this.#host = host;
    this.#queue = new PeerQueue(this, host.limit, host.total);
    link.attach(this);
  }

  get state(): DatagramAssociation['state'] {
    return this.#isToEnd || this.#state === 'over' ? 'ending' : this.#state;
  }

  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Bytes that they have. */
  get waitingBytes(): number {
    return this.#queue.bytes;
  }

  /** @returns bytes taken by the kernel; -EAGAIN if the message has to wait, or another errno */
  try(message: ReadyMessage): number {
    return this.#isToEnd ? -ESHUTDOWN : this.#queue.try(message);
  }

  /** Takes a message that need not be tried. @returns whether it did */
  collect(
    data: Uint8Array,
    length: number,
    info: NativeSendInfo,
    byDefault: SaidByDefault,
  ): boolean {
    return !this.#isToEnd && this.#queue.collect(data, length, info, byDefault);
  }

  /** Lets a message wait. @throws ERR_SCTP_SEND_BUFFER_FULL */
  queue(message: ReadyMessage): void {
    this.#queue.push(message);
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
    this.#queue.drop();
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
      const isFirst = this.#state !== 'ending';
      this.#state = 'ending';
      if (isFirst) this.#reportUnconfirmed(peer); // `onRecv` may throw
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
    this.#queue.flush();
  }

  onPeeledOff(): void {
    this.#host.onPeeledOff(this);
  }

  // --- What its queue reports ---

  onRefused(message: ReadyMessage, errno: number): void {
    if (ENDED.has(errno)) this.#reportUnsent(message);
    else this.#reportLater(sendErrorText(errno, this.place, message.data.length));
  }

  onIdle(): void {
    this.#endIfIdle();
    this.#host.onIdle();
  }

  #onRestart(change: AssocChange): void {
    this.#queue.forgetStreams();
    this.#published.onRestart(change);
  }

  #onUp(): void {
    if (this.#state === 'starting') {
      this.#state = 'up';
      this.#published.onUp();
    }
    this.#queue.open();
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
    const waiting = this.#queue.takeAll();
    for (const resolve of this.#waiters.splice(0)) resolve(how === 'shutdown');
    this.#host.onOver(this);
    return waiting;
  }

  #endIfIdle(): void {
    if (this.#isToEnd && this.#state === 'up' && this.#queue.length === 0) this.link.shutdown();
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
