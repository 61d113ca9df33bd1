/** The descriptor of one association that was peeled off. */
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSeqpacketSocket } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { type BatchHandler, BatchReader, type Peer } from '../batch';
import { sendAbort } from './abort-reason';
import type { EndpointLinkListener } from './link-listener';

/**
 * Bytes that the kernel may hold of it. It was moved since its peer takes little, and there may be
 * many of its kind.
 */
const SEND_BUFFER = 262_144;

/**
 * RTO.min, in ms, of one whose peer takes nothing: RFC 9260's. The kernel sends such a peer a message
 * and a heartbeat again and again, each RTO, which with many of its kind costs the others.
 */
const PATIENT_RTO_MIN = 1000;

/** The link whose association it is. */
export interface OwnDescriptorReader extends Pick<
  EndpointLinkListener,
  'onMessage' | 'onNotification'
> {
  readonly assocId: number;
  readonly listener: EndpointLinkListener | undefined;
  onIncomplete(length: number, peer: Peer): void;
}

export class OwnDescriptor implements BatchHandler {
  readonly native: NativeSeqpacketSocket;
  readonly copies: boolean;
  /** Whether what was read is still wanted. */
  receiving = true;
  readonly #link: OwnDescriptorReader;
  /** What the shared one had, which messages of any length must fit into. */
  readonly #largest: number;
  #sndBuf: number;
  /** RTO.min as it was, and has become, while it is patient. */
  #patience: { before: number; now: number } | undefined;

  constructor(native: NativeSeqpacketSocket, link: OwnDescriptorReader, copies: boolean) {
    this.native = native;
    this.copies = copies;
    this.#link = link;
    this.#largest = this.#readSize();
    this.#sndBuf = this.#largest;
    if (SEND_BUFFER < this.#largest) this.#resize(SEND_BUFFER);
    const reader = new BatchReader(this);
    native.onBatch = (count, slab, extras): void => {
      reader.read(count, slab, extras);
      if (this.receiving) link.listener?.onBatchEnd();
    };
    native.onWritable = (): void => {
      link.listener?.onWritable();
    };
  }

  /** For a message that is too long, or for good. @returns whether anything has changed */
  enlarge(length = this.#largest): boolean {
    if (length <= this.#sndBuf || length > this.#largest) return false;
    this.#resize(this.#largest);
    return true;
  }

  watch(reading: boolean, writing: boolean): void {
    if (!writing && this.#patience) this.endPatience();
    this.native.watch(reading, writing);
  }

  /**
   * Its peer takes nothing, until all that waits has left. That changes RTO where the peer answers
   * heartbeats; whether it is dead is found out as soon as ever.
   */
  bePatient(): void {
    const { min, max } = this.#rto();
    const longer = Math.min(PATIENT_RTO_MIN, max);
    if (longer <= min || this.#setRtoMin(longer) < 0) return;
    this.#patience = { before: min, now: longer };
  }

  endPatience(): void {
    // Unless the user has chosen another meanwhile.
    if (this.#patience && this.#rto().min === this.#patience.now) {
      this.#setRtoMin(this.#patience.before);
    }
    this.#patience = undefined;
  }

  drain(wanted: () => boolean): void {
    while (wanted() && this.native.receive() === 1);
  }

  abort(assocId: number, reason?: Uint8Array): void {
    sendAbort(this.native, assocId, reason);
    this.close();
  }

  close(): void {
    this.receiving = false;
    this.native.close();
  }

  onMessage(data: Buffer, peer: Peer, info: ReceivedInfo): void {
    this.#link.onMessage(data, info, peer);
  }

  onTooLarge(length: number, peer: Peer): void {
    this.#link.listener?.onTooLarge(length, peer);
  }

  onIncomplete(length: number, peer: Peer): void {
    this.#link.onIncomplete(length, peer);
  }

  onNotification(notification: NativeNotification, peer: Peer): void {
    this.#link.onNotification(notification, peer);
  }

  onError(errno: number): void {
    this.#link.listener?.onReadError(errno);
  }

  #rto(): { min: number; max: number } {
    const values = this.native.getOption('rtoInfo', { assocId: this.#link.assocId });
    if (typeof values === 'number') return { min: 0, max: 0 }; // it is over
    return values as { min: number; max: number };
  }

  /** What is 0 stays as it is. */
  #setRtoMin(min: number): number {
    const { assocId } = this.#link;
    return this.native.setOption('rtoInfo', { assocId, initial: 0, max: 0, min });
  }

  #readSize(): number {
    const values = this.native.getOption('sndBuf', {});
    return typeof values === 'number' ? 0 : (values['value'] as number);
  }

  /** The kernel takes twice what it is given. */
  #resize(bytes: number): void {
    this.native.setOption('sndBuf', { value: Math.ceil(bytes / 2) });
    this.#sndBuf = this.#readSize();
  }
}
