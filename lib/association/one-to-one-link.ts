/** The Link of an association that has a one-to-one descriptor (SOCK_STREAM) of its own. */
import type { Address } from '../../types/address';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSendInfo, NativeStreamSocket } from '../../types/native';
import type {
  NativeAddressList,
  NativeNotification,
  NativeOptionValues,
  NativePath,
  NotificationNumbers,
} from '../../types/native-values';
import { type BatchHandler, BatchReader, type Flow, type Peer } from '../batch';
import { burst, type SaidByDefault } from '../burst';
import type { Link, LinkListener, StreamCounts } from './link';

/** How native calls name the association of a descriptor that has only one. */
const ONLY_ASSOCIATION = 0;

export class OneToOneLink implements Link, BatchHandler {
  readonly assocId = undefined;
  readonly mayEndSilently = true;
  readonly retriesWriting = false;
  /** Messages may share memory with others. */
  readonly copies = false;
  flow: Flow | undefined;
  readonly origin: Address | undefined;
  readonly #native: NativeStreamSocket;
  #listener: LinkListener | undefined;
  /** Made when something comes in. */
  #reader: BatchReader | undefined;
  #peerPort: number | undefined;
  /** Whether what was read is still wanted. */
  receiving = true;

  /** @param origin of an association that a listener has accepted */
  constructor(native: NativeStreamSocket, origin?: Address) {
    this.#native = native;
    this.origin = origin;
  }

  attach(listener: LinkListener): void {
    this.#listener = listener;
    // V8 takes a function for long-lived that is assigned to a property as it is made: the collector
    // of short-lived objects would leave all of the Socket to the full collection.
    const onBatch: NativeStreamSocket['onBatch'] = (count, slab, extras): void => {
      this.#reader ??= new BatchReader(this);
      try {
        this.#reader.read(count, slab, extras);
      } finally {
        // If a listener has thrown, this is called again for the rest.
        if (this.receiving && BatchReader.isDone(count)) listener.onBatchEnd();
      }
    };
    this.#native.onBatch = onBatch;
  }

  describeMessages(flow: Flow): void {
    this.flow = flow;
  }

  onMessage(data: Buffer, _peer: Peer, info: ReceivedInfo): void {
    this.#listener?.onMessage(data, info);
  }

  onTooLarge(length: number): void {
    this.#listener?.onTooLarge(length);
  }

  onIncomplete(): void {
    // the notification of the loss follows
  }

  onNotification(notification: NativeNotification): void {
    this.#listener?.onNotification(notification);
  }

  onError(errno: number): void {
    this.#listener?.onReadError(errno);
  }

  onEnd(): void {
    this.#listener?.onReadEnd();
  }

  watch(reading: boolean, writing: boolean): void {
    if (writing && !this.#native.onWritable) {
      const onWritable = (): void => this.#listener?.onWritable();
      this.#native.onWritable = onWritable;
    }
    this.#native.watch(reading, writing);
  }

  limitReads(count: number): void {
    this.#native.limitReads(count);
  }

  drain(wanted: () => boolean): void {
    while (wanted() && this.#native.receive() === 1);
  }

  send(data: Buffer, info: NativeSendInfo, address: string | undefined): number {
    if (address === undefined) return this.#native.send(data, ...info);
    this.#peerPort ??= this.peerAddress()?.port;
    return this.#native.send(data, ...info, address, this.#peerPort);
  }

  addToBurst(data: Uint8Array, info: NativeSendInfo, byDefault: SaidByDefault): boolean {
    return burst.add(data, info, ONLY_ASSOCIATION, byDefault);
  }

  sendBurst(): number {
    return this.#native.sendBurst(burst.count);
  }

  unacknowledgedBytes(): number {
    return this.#native.unacknowledgedBytes();
  }

  isGone(): boolean {
    return this.#native.getNumber('status', 'state') < 0;
  }

  startedStreams(): StreamCounts | undefined {
    return this.#native.startedStreams();
  }

  getOption(
    name: string,
    args?: NativeOptionValues,
    fields?: readonly string[],
  ): NativeOptionValues | number {
    return this.#native.getOption(name, args, fields);
  }

  getNumber(name: string, field: string): number {
    return this.#native.getNumber(name, field);
  }

  setOption(name: string, values: NativeOptionValues): number {
    return this.#native.setOption(name, values);
  }

  subscribe(types: NotificationNumbers, on: boolean): number {
    return this.#native.subscribe(types, on);
  }

  localAddress(): Address | undefined {
    return this.#native.localAddress();
  }

  boundAddresses(): Address[] | number {
    return this.#native.boundAddresses();
  }

  bindMore(addresses: NativeAddressList): number {
    return this.#native.bindMore(addresses);
  }

  unbind(addresses: NativeAddressList): number {
    return this.#native.unbind(addresses);
  }

  peerAddress(): Address | undefined {
    return this.#native.peerAddress(ONLY_ASSOCIATION);
  }

  localAddresses(): Address[] | number {
    return this.#native.localAddresses(ONLY_ASSOCIATION);
  }

  peerAddresses(): Address[] | number {
    return this.#native.peerAddresses(ONLY_ASSOCIATION);
  }

  peerPaths(): NativePath[] | number {
    return this.#native.peerPaths(ONLY_ASSOCIATION);
  }

  resetStreams(flags: number, streams: readonly number[]): number {
    return this.#native.resetStreams(ONLY_ASSOCIATION, flags, streams);
  }

  resetAssociation(): number {
    return this.#native.resetAssociation(ONLY_ASSOCIATION);
  }

  addStreams(incoming: number, outgoing: number): number {
    return this.#native.addStreams(ONLY_ASSOCIATION, incoming, outgoing);
  }

  shutdown(): number {
    return this.#native.shutdown(ONLY_ASSOCIATION);
  }

  /** The kernel sends no reason for a one-to-one descriptor. */
  abort(): void {
    this.receiving = false;
    this.#native.abort(ONLY_ASSOCIATION);
    this.#letGo();
  }

  close(): void {
    this.receiving = false;
    this.#native.close();
    this.#letGo();
  }

  /**
   * The collector of short-lived objects takes what a native object refers to for alive: it would
   * copy all of the Socket twice, and leave it to the full collection.
   */
  #letGo(): void {
    this.#native.onBatch = undefined;
    if (this.#native.onWritable) this.#native.onWritable = undefined;
  }

  ref(): void {
    this.#native.ref();
  }

  unref(): void {
    this.#native.unref();
  }
}
