/** The one-to-many descriptor of an endpoint: hands what comes in to the association it is for. */
import { constants as os } from 'node:os';

import type { ReceivedInfo } from '../../types/messages';
import type { NativeSeqpacketSocket } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import type { SctpOptions } from '../../types/options';
import { type BatchHandler, BatchReader, type Peer } from '../batch';
import { constants } from '../constants';
import { reapplyOptions } from '../options/apply-options';
import { sendAbort } from './abort-reason';
import type { BoundSocket } from './bind-shared';
import { EndpointLink, type SharedBy } from './endpoint-link';
import { Leaving } from './leaving';
import { OwnDescriptor } from './own-descriptor';
import type { ReceiveBuffer } from './receive-buffer';
import { SendBuffer } from './send-buffer';
import { isEnd, UnwantedEnds } from './unwanted-ends';

const { EINPROGRESS, EPIPE, EINVAL } = os.errno;

const { SCTP_COMM_UP } = constants;

/** Batches that are read before a decision: more than what the receive buffer has room for. */
const READS_TO_CATCH_UP = 256;
/** Batches that are read when the send buffer is looked after, which is often. */
const READS_FOR_A_LOOK = 4;

export interface SharedDescriptorHost {
  /** Options that the descriptor was opened with. */
  readonly sctp: SctpOptions;
  readonly copies: boolean;
  /**
   * A peer has set up an association. Whoever wants it attaches to the link; it is about to report
   * that it is up. An association that nobody attaches to is ignored.
   */
  onInbound(link: EndpointLink, peer: Peer): void;
  /** The rest of a message, of which `length` bytes had come, will never come. */
  onIncomplete?(length: number, peer: Peer): void;
  /** An error of the descriptor, whatever association it is about; `errno` is negative. */
  onError(errno: number): void;
}

export class SharedDescriptor implements BatchHandler, SharedBy {
  readonly native: NativeSeqpacketSocket;
  readonly sendBuffer: SendBuffer;
  readonly receiveBuffer: ReceiveBuffer;
  readonly copies: boolean;
  /** Whether what was read is still wanted. */
  receiving = true;
  readonly #host: SharedDescriptorHost;
  readonly #links = new Map<number, EndpointLink>();
  readonly #unwantedEnds = new UnwantedEnds();
  /** Those that this wake-up has brought something for. */
  readonly #touched = new Set<EndpointLink>();
  #lastTouched: EndpointLink | undefined;
  /** Those that have left within this wake-up. */
  readonly #left = new Set<EndpointLink>();
  readonly #leaving = new Leaving({
    peelOff: (link) => this.peelOff(link),
    onChange: () => {
      this.#watch();
    },
  });
  /** Its end was read last. Its undelivered messages follow at once, before anything else. */
  #ended: EndpointLink | undefined;
  #isDelivering = false;
  #writing = false;
  #sendBufferSize: number | undefined;

  constructor({ socket: native, receiveBuffer }: BoundSocket, host: SharedDescriptorHost) {
    this.native = native;
    this.receiveBuffer = receiveBuffer;
    this.copies = host.copies;
    this.#host = host;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- for a getter in an object
    const shared = this;
    this.sendBuffer = new SendBuffer({
      get size() {
        return shared.#size();
      },
      watchWritable: (on) => {
        this.#writing = on;
        this.#watch();
      },
      catchUp: () => {
        this.catchUp(READS_FOR_A_LOOK);
      },
    });
    const reader = new BatchReader(this);
    native.onBatch = (count, slab, extras): void => {
      this.#isDelivering = true;
      try {
        reader.read(count, slab, extras);
      } finally {
        // If a listener has thrown, this is called again for the rest.
        if (BatchReader.isDone(count) || !this.receiving) this.#endBatch();
      }
    };
    native.onWritable = (): void => {
      this.sendBuffer.onWritable();
    };
  }

  /** From now on it reads. */
  start(): void {
    this.#watch();
  }

  /** Reads what has come so far; what comes meanwhile may never end. */
  catchUp(most = READS_TO_CATCH_UP): void {
    if (this.#isDelivering) return;
    for (let reads = 0; reads < most && this.#reads(); reads++) {
      if (this.native.receive() !== 1) return;
    }
  }

  /** An option has changed. */
  onOptionSet(): void {
    this.#sendBufferSize = undefined;
  }

  /** Sets up an association. @returns negative errno; the Link reports the outcome */
  connect(addresses: readonly string[], port: number): EndpointLink | number {
    const places = addresses.flatMap((host) => [host, port]);
    const id = this.receiveBuffer.whileNarrow(() => this.native.connect(places));
    if (id <= 0) return id === -EINPROGRESS || id === 0 ? -EINVAL : id;
    const before = this.#links.get(id);
    // The kernel has given the id again: that one is over, which was not read yet.
    if (before) {
      before.listener?.onReadError(-EPIPE);
      this.#unwantedEnds.expect(id);
    }
    return this.#add(id);
  }

  /** Takes an association that a peer has begun, before that is read. */
  adopt(id: number): EndpointLink {
    return this.#links.get(id) ?? this.#add(id);
  }

  /** Forgets an association that is over. */
  remove(link: EndpointLink): void {
    if (this.#links.get(link.assocId) === link) this.#forget(link);
    this.#leaving.delete(link);
    this.#touched.delete(link);
    this.#lastTouched = undefined;
    if (this.#ended === link) this.#ended = undefined;
    this.sendBuffer.remove(link.share);
  }

  /** Reads the undelivered messages of an association that is over. */
  drain(link: EndpointLink, wanted: () => boolean): void {
    if (this.#isDelivering) return;
    while (this.receiving && this.#ended === link && wanted()) {
      if (this.native.receive() !== 1) return;
    }
  }

  /** Ends an association, and forgets it. */
  abort(link: EndpointLink, reason?: Uint8Array): void {
    const error = sendAbort(this.native, link.assocId, reason);
    // One that is over already has left a notification of its end, too.
    const isNotified = error === 0 || error === -EPIPE;
    if (isNotified && this.#links.get(link.assocId) === link)
      this.#unwantedEnds.expect(link.assocId);
    this.remove(link);
  }

  /** Moves an association to a descriptor of its own, after this wake-up. */
  leaveSoon(link: EndpointLink): void {
    if (link.isPeeledOff || this.#links.get(link.assocId) !== link) return;
    this.#leaving.add(link);
    if (!this.#isDelivering)
      setImmediate(() => {
        this.#leaving.letLeave();
      });
  }

  /** It need not leave after all. */
  stay(link: EndpointLink): void {
    if (this.#leaving.delete(link)) this.#watch();
  }

  /** Moves an association to a descriptor of its own. @returns 0 or negative errno */
  peelOff(link: EndpointLink): number {
    if (this.#links.get(link.assocId) !== link) return -EINVAL;
    const native = this.native.peelOff(link.assocId);
    if (typeof native === 'number') return native;
    try {
      reapplyOptions(native, this.#host.sctp);
    } catch {
      // They were set before: what the kernel refuses now is of the association, and stays as it is
    }
    this.sendBuffer.remove(link.share);
    this.#leaving.delete(link);
    // What this wake-up has brought is still to be handed over.
    if (this.#isDelivering) this.#left.add(link);
    else this.#forget(link);
    link.onPeeledOff(new OwnDescriptor(native, link, this.copies));
    return 0;
  }

  close(): void {
    this.receiving = false;
    this.#leaving.close();
    this.sendBuffer.close();
    this.native.close();
  }

  // --- What comes in ---

  onMessage(data: Buffer, peer: Peer, info: ReceivedInfo): void {
    this.#ended = undefined;
    const { assocId } = info;
    // Most messages are of the association that the one before was of.
    let link = this.#lastTouched?.assocId === assocId ? this.#lastTouched : undefined;
    if (link === undefined) {
      link = this.#linkOf(assocId);
      if (link === undefined) return;
      this.#touch(link);
    }
    link.onMessage(data, info, peer);
  }

  onTooLarge(length: number, peer: Peer, assocId: number): void {
    this.#linkOf(assocId)?.listener?.onTooLarge(length, peer);
  }

  /** The notification of the loss, if it is one, follows. */
  onIncomplete(length: number, peer: Peer): void {
    this.#host.onIncomplete?.(length, peer);
  }

  onNotification(notification: NativeNotification, peer: Peer): void {
    const { assocId } = notification;
    const isOfEnded = notification.type === 'sendFailed' && this.#ended?.assocId === assocId;
    if (!isOfEnded) this.#ended = undefined;
    if (this.#unwantedEnds.take(notification)) return;
    let link = this.#links.get(assocId);
    const isUp = notification.type === 'assocChange' && notification.state === SCTP_COMM_UP;
    if (isUp) this.receiveBuffer.widen();
    if (!link && isUp) {
      link = this.#add(assocId);
      this.#host.onInbound(link, peer);
      if (!link.listener) this.remove(link);
    }
    if (!link) return;
    this.#touch(link);
    if (isEnd(notification)) this.#ended = link;
    link.onNotification(notification, peer);
  }

  onError(errno: number): void {
    this.#host.onError(errno);
  }

  #size(): number {
    if (this.#sendBufferSize === undefined) {
      const values = this.native.getOption('sndBuf', {});
      this.#sendBufferSize = typeof values === 'number' ? 0 : (values['value'] as number);
    }
    return this.#sendBufferSize;
  }

  #add(assocId: number): EndpointLink {
    const link = new EndpointLink(this, assocId);
    this.#links.set(assocId, link);
    this.#lastTouched = undefined; // it may have been another of this id
    return link;
  }

  #forget(link: EndpointLink): void {
    this.#links.delete(link.assocId);
    if (this.#links.size === 0 && this.receiving) this.receiveBuffer.narrow();
  }

  #linkOf(assocId: number): EndpointLink | undefined {
    return this.#unwantedEnds.has(assocId) ? undefined : this.#links.get(assocId);
  }

  #touch(link: EndpointLink): void {
    if (link === this.#lastTouched) return;
    this.#lastTouched = link;
    this.#touched.add(link);
  }

  #watch(): void {
    if (this.receiving) this.native.watch(this.#reads(), this.#writing);
  }

  /** Nothing is read for those that are to leave: it would have no bound. */
  #reads(): boolean {
    return this.receiving && this.#leaving.isEmpty;
  }

  #endBatch(): void {
    this.#isDelivering = false;
    for (const link of this.#left) this.#forget(link);
    this.#left.clear();
    const touched = [...this.#touched];
    this.#touched.clear();
    this.#lastTouched = undefined;
    for (const link of touched) link.listener?.onBatchEnd();
    this.#leaving.letLeave();
  }
}
