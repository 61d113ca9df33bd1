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

/** The link whose association it is. */
export interface OwnDescriptorReader extends Pick<
  EndpointLinkListener,
  'onMessage' | 'onNotification'
> {
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

  constructor(native: NativeSeqpacketSocket, link: OwnDescriptorReader, copies: boolean) {
    this.native = native;
    this.copies = copies;
    this.#link = link;
    this.#largest = this.#readSize();
    this.#sndBuf = this.#largest;
    if (SEND_BUFFER < this.#largest) this.#resize(SEND_BUFFER);
    const reader = new BatchReader(this);
    native.onBatch = (count, slab, extras): void => {
      try {
        reader.read(count, slab, extras);
      } finally {
        // If a listener has thrown, this is called again for the rest.
        if (this.receiving && BatchReader.isDone(count)) link.listener?.onBatchEnd();
      }
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
    this.native.watch(reading, writing);
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
