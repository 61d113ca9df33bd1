/**
 * The kernel's side of one association: every kernel call that concerns it, whether it has a
 * descriptor of its own or shares one with others. Parts keep their Link: one that gets another
 * descriptor (peel-off) exchanges what is behind it.
 */
import type { Address } from '../../types/address';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSendInfo } from '../../types/native';
import type {
  NativeAddressList,
  NativeNotification,
  NativeOptionValues,
  NativePath,
  NotificationNumbers,
} from '../../types/native-values';
import type { Flow } from '../batch';
import type { SaidByDefault } from '../burst';

/** What comes in on a Link, in the order in which the kernel had it. */
export interface LinkListener {
  onMessage(data: Buffer, info: ReceivedInfo): void;
  /** The peer sends a message that is too long, or finds no room. @param length of what has come */
  onTooLarge(length: number): void;
  onNotification(notification: NativeNotification): void;
  /** The descriptor has no more messages: the peer has shut down. */
  onReadEnd(): void;
  /** Reading failed; `errno` is negative. */
  onReadError(errno: number): void;
  /** Everything that one wake-up brought was handed over. */
  onBatchEnd(): void;
  /** There may be room for another message. */
  onWritable(): void;
}

export interface StreamCounts {
  readonly outStreams: number;
  readonly inStreams: number;
}

/** Numbers returned by its methods are negative if they are an errno. */
export interface Link {
  /** The kernel's id, where the descriptor has several associations. */
  readonly assocId: number | undefined;
  /**
   * Whether the kernel may leave the end of the association unreported once the peer has shut
   * down. It does so on one-to-one descriptors where our own shutdown() came after the peer's.
   */
  readonly mayEndSilently: boolean;
  /** Where the peer set it up from, if it did and was not known before. */
  readonly origin: Address | undefined;

  /** From here on `listener` gets what comes in. */
  attach(listener: LinkListener): void;
  /**
   * From now on received messages carry their `sid`, `ppid` and so on.
   * @param flow gets them instead of the listener, while it takes them
   */
  describeMessages?(flow: Flow): void;
  /** What to wait for: messages, room for messages. */
  watch(reading: boolean, writing: boolean): void;
  /** Whether who waits for room is called again and again, whatever the kernel says of room. */
  readonly retriesWriting: boolean;
  /** Whether it is called, too, once there must be room. */
  readonly reportsRoom?: boolean;
  /** How many messages a wake-up may read. */
  limitReads(count: number): void;
  /**
   * Reads now, while that is wanted and there is more. A descriptor with several associations is read
   * by its owner.
   */
  drain(wanted: () => boolean): void;

  /** @param address of the peer, by default its primary one. @returns bytes accepted, or errno */
  send(data: Buffer, info: NativeSendInfo, address: string | undefined): number;
  /** Adds a message to `burst`. @returns false if there is no room, or it must go by `send` */
  addToBurst(data: Uint8Array, info: NativeSendInfo, byDefault: SaidByDefault): boolean;
  /**
   * Sends what `burst` has, in its order, in as few packets as it fits into.
   * @returns how many messages were accepted: `burst.errno` is why the next was not
   */
  sendBurst(): number;
  /** Bytes that the peer has not acknowledged, with the kernel's overhead; or errno. */
  unacknowledgedBytes(): number;
  /** Whether the association is over, perhaps before that was read as a notification. */
  isGone(): boolean;
  /** How many streams it began with, as far as that is known of one that is gone. */
  startedStreams(): StreamCounts | undefined;

  /** Where an option has a field `assocId`, these say which association it is. */
  getOption(
    name: string,
    args?: NativeOptionValues,
    fields?: readonly string[],
  ): NativeOptionValues | number;
  /** One field that is never negative, or negative errno. */
  getNumber(name: string, field: string): number;
  setOption(name: string, values: NativeOptionValues): number;
  subscribe(types: NotificationNumbers, on: boolean): number;

  /** One address that the descriptor is bound to, with its port. */
  localAddress(): Address | undefined;
  /** All that the descriptor is bound to. */
  boundAddresses(): Address[] | number;
  bindMore(addresses: NativeAddressList): number;
  unbind(addresses: NativeAddressList): number;
  /** The peer's primary address; undefined once the association is over. */
  peerAddress(): Address | undefined;
  /** Our addresses in the association. */
  localAddresses(): Address[] | number;
  peerAddresses(): Address[] | number;
  /** What the kernel reports for each address of the peer, by one native call. */
  peerPaths(): NativePath[] | number;

  resetStreams(flags: number, streams: readonly number[]): number;
  resetAssociation(): number;
  addStreams(incoming: number, outgoing: number): number;

  /** Ends the association after what was sent. */
  shutdown(): number;
  /** Ends the association with an ABORT, and lets go of it. @param reason goes to the peer, if it can */
  abort(reason?: Uint8Array): void;
  /** Lets go of an association. One that is not over ends in order, without anything to read. */
  close(): void;
  /** Whether to keep the process alive. */
  ref(): void;
  unref(): void;
}

/** For what only reads: a failed call counts as no addresses. */
export function listed<T>(addresses: T[] | number): T[] {
  return typeof addresses === 'number' ? [] : addresses;
}
