/**
 * The Link of one association of a one-to-many socket: on the descriptor that it shares with
 * others, and after peel-off on one of its own. Whoever uses it does not notice the move.
 */
import { constants as os } from 'node:os';

import type { Address } from '../../types/address';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSendInfo, NativeSeqpacketSocket } from '../../types/native';
import type {
  NativeAddressList,
  NativeNotification,
  NativeOptionValues,
  NativePath,
  NotificationNumbers,
} from '../../types/native-values';
import type { Peer } from '../batch';
import { burst, SaidByDefault } from '../burst';
import { type Link, listed } from '../association/link';
import { NO_ROOM } from '../association/outbox';
import { binding } from '../binding';
import { constants } from '../constants';
import { isRestart } from '../notifications/names';
import { canonical, lengthOf } from '../validate';
import type { EndpointLinkListener } from './link-listener';
import type { OwnDescriptor } from './own-descriptor';
import type { SendBuffer } from './send-buffer';
import { SendShare, type SendShareLink } from './send-share';
import { chargeOf } from './window';

const { EADDRNOTAVAIL, EAGAIN, EMSGSIZE, EOPNOTSUPP } = os.errno;
const { SCTP_ADDR_OVER } = constants;

/** The descriptor that an association shares with others, until it is peeled off. */
export interface SharedBy {
  readonly native: NativeSeqpacketSocket;
  readonly sendBuffer: SendBuffer;
  remove(link: EndpointLink): void;
  drain(link: EndpointLink, wanted: () => boolean): void;
  abort(link: EndpointLink, reason?: Uint8Array): void;
  leaveSoon(link: EndpointLink): void;
  stay(link: EndpointLink): void;
  /** @returns 0 or errno */
  peelOff(link: EndpointLink): number;
  onIncomplete(length: number, peer: Peer): void;
}

/** Where `NativeSendInfo` has them; to destructure it costs more than the rest. */
const PR_POLICY = 4;
const PR_VALUE = 5;

export class EndpointLink implements Link, SendShareLink {
  readonly assocId: number;
  readonly mayEndSilently = false;
  /** Of the send buffer, until peel-off. */
  readonly share: SendShare;
  readonly #shared: SharedBy;
  #own: OwnDescriptor | undefined;
  #listener: EndpointLinkListener | undefined;
  #reading = true;
  #writing = false;
  #isReferenced = true;
  #peerPort: number | undefined;
  /** The association is its descriptor's only user. */
  #isExclusive = false;
  /** What `burst` has of it. */
  #burstCharge = 0;

  constructor(shared: SharedBy, assocId: number) {
    this.#shared = shared;
    this.assocId = assocId;
    this.share = new SendShare(this, shared.sendBuffer);
  }

  /** Whether it has a descriptor of its own. */
  get isPeeledOff(): boolean {
    return this.#own !== undefined;
  }

  get isWriting(): boolean {
    return this.#writing;
  }

  /** The shared send buffer looks after those that wait. */
  get retriesWriting(): boolean {
    return this.#own === undefined;
  }

  /** Whether it is to report that everything was acknowledged: there is room then, if not before. */
  get reportsRoom(): boolean {
    if (this.#own === undefined || !this.#reading || !this.share.isAsking) return false;
    return this.unacknowledgedBytes() > 0;
  }

  get listener(): EndpointLinkListener | undefined {
    return this.#listener;
  }

  attach(listener: EndpointLinkListener): void {
    this.#listener = listener;
  }

  watch(reading: boolean, writing: boolean): void {
    this.#reading = reading;
    if (this.#own) {
      this.#own.watch(reading, writing);
    } else {
      // The kernel holds back one association's messages only if it has a descriptor of its own.
      if (reading) this.#shared.stay(this);
      else this.#shared.leaveSoon(this);
      if (writing) this.#shared.sendBuffer.wait(this.share);
      else if (this.#writing) this.#shared.sendBuffer.endWait(this.share);
    }
    this.#writing = writing;
  }

  /** On a shared descriptor it is for the endpoint to say. */
  limitReads(count: number): void {
    this.#own?.native.limitReads(count);
  }

  drain(wanted: () => boolean): void {
    if (this.#own) this.#own.drain(wanted);
    else this.#shared.drain(this, wanted);
  }

  /** A descriptor of its own has no way to address one of several paths. */
  send(data: Buffer, info: NativeSendInfo, address: string | undefined): number {
    if (this.#own) return this.#send(data, info);
    const { sendBuffer } = this.#shared;
    if (!this.share.hasRoom(0)) return -EAGAIN;
    const charge = chargeOf(data.length);
    const result = this.#send(data, this.share.prompt(info, charge), address);
    if (result >= 0) sendBuffer.onSent(this.share, charge);
    else if (NO_ROOM.has(result)) sendBuffer.onFull();
    return result;
  }

  addToBurst(data: Uint8Array, info: NativeSendInfo, byDefault: SaidByDefault): boolean {
    if (!this.placeInBurst(lengthOf(data), info, byDefault)) return false;
    burst.fill(data);
    return true;
  }

  /** As `addToBurst`, for one whose bytes `burst.fill` is given. */
  placeInBurst(length: number, info: NativeSendInfo, byDefault: SaidByDefault): boolean {
    const unsaid = unsaidOfOne(info, byDefault);
    if (this.#own) return burst.place(length, info, this.assocId, unsaid);
    if (burst.count === 0) this.#burstCharge = 0;
    if (!this.share.hasRoom(this.#burstCharge)) return false;
    const charge = this.#burstCharge + chargeOf(length);
    if (!burst.place(length, this.share.prompt(info, charge), this.assocId, unsaid)) return false;
    this.#burstCharge = charge;
    return true;
  }

  sendBurst(): number {
    const { count } = burst;
    const accepted = this.#native().sendBurst(count);
    if (this.#own) return accepted;
    const { sendBuffer } = this.#shared;
    if (accepted > 0) sendBuffer.onSent(this.share, chargeOf(burst.bytesOf(accepted), accepted));
    if (accepted >= 0 && accepted < count && NO_ROOM.has(burst.errno)) sendBuffer.onFull();
    return accepted;
  }

  unacknowledgedBytes(): number {
    return this.#own ? this.#own.native.unacknowledgedBytes() : this.share.window.bytes;
  }

  /** An endpoint knows an association from its start on. */
  get origin(): undefined {
    return undefined;
  }

  startedStreams(): undefined {
    return undefined;
  }

  isGone(): boolean {
    return this.getNumber('status', 'state') < 0;
  }

  getOption(
    name: string,
    args: NativeOptionValues = {},
    fields?: readonly string[],
  ): NativeOptionValues | number {
    return this.#native().getOption(name, this.#withId(name, args), fields);
  }

  getNumber(name: string, field: string): number {
    const values = this.getOption(name, {}, [field]);
    return typeof values === 'number' ? values : Number(values[field]);
  }

  setOption(name: string, values: NativeOptionValues): number {
    return this.#native().setOption(name, this.#withId(name, values));
  }

  subscribe(types: NotificationNumbers, on: boolean): number {
    return this.share.subscribe(types, on);
  }

  localAddress(): Address | undefined {
    return this.#native().localAddress();
  }

  boundAddresses(): Address[] | number {
    return this.#native().boundAddresses();
  }

  /** Others would get the address, too. */
  bindMore(addresses: NativeAddressList): number {
    return this.#isExclusive ? this.#native().bindMore(addresses) : -EOPNOTSUPP;
  }

  unbind(addresses: NativeAddressList): number {
    return this.#isExclusive ? this.#native().unbind(addresses) : -EOPNOTSUPP;
  }

  peerAddress(): Address | undefined {
    return this.#native().peerAddress(this.assocId);
  }

  localAddresses(): Address[] | number {
    return this.#native().localAddresses(this.assocId);
  }

  peerAddresses(): Address[] | number {
    return this.#native().peerAddresses(this.assocId);
  }

  peerPaths(): NativePath[] | number {
    return this.#native().peerPaths(this.assocId);
  }

  resetStreams(flags: number, streams: readonly number[]): number {
    return this.#native().resetStreams(this.assocId, flags, streams);
  }

  resetAssociation(): number {
    return this.#native().resetAssociation(this.assocId);
  }

  addStreams(incoming: number, outgoing: number): number {
    return this.#native().addStreams(this.assocId, incoming, outgoing);
  }

  shutdown(): number {
    return this.#native().shutdown(this.assocId);
  }

  abort(reason?: Uint8Array): void {
    if (this.#own) this.#own.abort(this.assocId, reason);
    else this.#shared.abort(this, reason);
  }

  close(): void {
    if (this.#own) this.#own.close();
    else this.#shared.remove(this);
  }

  ref(): void {
    this.#isReferenced = true;
    this.#own?.native.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#own?.native.unref();
  }

  // --- What its descriptor reports ---

  onMessage(data: Buffer, info: ReceivedInfo, peer: Peer): void {
    this.#listener?.onMessage(data, info, peer);
  }

  onIncomplete(length: number, peer: Peer): void {
    this.#shared.onIncomplete(length, peer);
  }

  onNotification(notification: NativeNotification, peer: Peer): void {
    const isDry = notification.type === 'senderDry';
    if (isDry) this.share.onDry();
    if (isRestart(notification)) this.#shared.sendBuffer.clear(this.share);
    try {
      this.#listener?.onNotification(notification, peer);
    } finally {
      if (isDry && this.#own) this.#listener?.onWritable();
      else if (isDry) this.#shared.sendBuffer.serve(this.share);
    }
  }

  // --- What its share of the send buffer asks for ---

  change(types: NotificationNumbers, on: boolean): number {
    return this.#native().subscribe(types, on, this.assocId);
  }

  onRoom(): void {
    this.#listener?.onWritable();
  }

  // --- Peel-off ---

  /** Moves to a descriptor of its own. @returns 0 or negative errno */
  moveOut(): number {
    return this.#shared.peelOff(this);
  }

  /** From here on it has a descriptor of its own. */
  onPeeledOff(own: OwnDescriptor): void {
    this.#own = own;
    if (!this.#isReferenced) own.native.unref();
    own.watch(this.#reading, this.#writing);
    this.#listener?.onPeeledOff?.();
  }

  /** Nobody but its owner is to use its descriptor. */
  makeExclusive(): void {
    this.#isExclusive = true;
    this.#own?.enlarge();
  }

  /** The endpoint has changed its addresses. */
  changeAddress(call: 'addLocalAddress' | 'removeLocalAddress', list: NativeAddressList): void {
    if (call === 'addLocalAddress') this.#own?.native.bindMore(list);
    else this.#own?.native.unbind(list);
  }

  #native(): NativeSeqpacketSocket {
    return this.#own?.native ?? this.#shared.native;
  }

  #send(data: Buffer, info: NativeSendInfo, address?: string): number {
    const [sid, ppid, flags, context, prPolicy, prValue, authKeyNumber] = info;
    const rest = [context, prPolicy, prValue, authKeyNumber, this.assocId] as const;
    if (address === undefined) {
      const result = this.#native().send(data, sid, ppid, flags, ...rest);
      // A descriptor of its own begins with a small buffer.
      if (result !== -EMSGSIZE || this.#own?.enlarge(data.length) !== true) return result;
      return this.#native().send(data, sid, ppid, flags, ...rest);
    }
    // With any other address the kernel would set up another association.
    if (!this.#isOfPeer(address)) return -EADDRNOTAVAIL;
    this.#peerPort ??= this.peerAddress()?.port;
    const over = flags | SCTP_ADDR_OVER;
    return this.#native().send(data, sid, ppid, over, ...rest, address, this.#peerPort);
  }

  #isOfPeer(address: string): boolean {
    const wanted = canonical(address);
    return listed(this.peerAddresses()).some((one) => canonical(one.address) === wanted);
  }

  /** Where an option has a field for the association, it is this one. */
  #withId(name: string, values: NativeOptionValues): NativeOptionValues {
    const hasId = binding.optionFields[name]?.includes('assocId') === true;
    return hasId ? { ...values, assocId: this.assocId } : values;
  }
}

/** The kernel needs at least the association it is for, and with that its lifetime, if any. */
function unsaidOfOne(info: NativeSendInfo, byDefault: SaidByDefault): SaidByDefault {
  if (byDefault !== SaidByDefault.All) return byDefault;
  const isPlain = info[PR_POLICY] === 0 && info[PR_VALUE] === 0;
  return isPlain ? SaidByDefault.Lifetime : SaidByDefault.Nothing;
}
