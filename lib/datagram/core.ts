/** Connects the parts of one handle: its descriptor, its peers, what sends, what closes. */
import { constants as os } from 'node:os';

import { familyOf } from '../addresses/family';
import type { DatagramAssociation } from '../../types/datagram';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSeqpacketSocket } from '../../types/native';
import type {
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SctpOptions,
  SettableOptionName,
} from '../../types/options';
import { listed } from '../association/link';
import { releaseAll } from '../association/tick-hold';
import type { Peer } from '../batch';
import type { BoundSocket } from '../endpoint/bind-shared';
import type { EndpointLink } from '../endpoint/endpoint-link';
import { getOptionOfAll, setOptionOfAll } from '../endpoint/options';
import { SharedDescriptor, type SharedDescriptorHost } from '../endpoint/shared-descriptor';
import { SharedLimit } from '../endpoint/shared-limit';
import { handleClosed, messageTooLarge, tooManyAssociations } from '../errors';
import { toBuffer } from '../messages/bytes';
import { MessageDefaults } from '../messages/defaults';
import { checkSendInfo } from '../messages/info';
import { getOption, type OptionHolder } from '../options/options';
import { checkBytes, type Family, lengthOf } from '../validate';
import { Closer } from './closer';
import type { DatagramConfig } from './config';
import { checkDestination, type Destination, refusedError } from './outgoing';
import { DatagramPeer, type DatagramPeerHost } from './peer';
import { Places } from './places';
import type { ReadyMessage } from './ready-message';
import { incompleteText, noRoomText, receiveErrorText, refusedText, tooLargeText } from './reports';

const { EAGAIN, EINVAL, EISCONN, EPIPE } = os.errno;
/** Goes to the peer. */
const TOO_MANY = Buffer.from('too many associations');

export class DatagramCore implements SharedDescriptorHost, DatagramPeerHost {
  readonly limit: number;
  readonly total: SharedLimit;
  readonly #config: DatagramConfig;
  readonly #family: Family;
  readonly #descriptor: SharedDescriptor;
  readonly #defaults: MessageDefaults;
  readonly #closer: Closer;
  /** Where the last message went, as it was given and as it was checked: many go to one peer. */
  #lastHost: unknown;
  #lastPort: unknown;
  #last: Destination | undefined;
  /** Whose place that is, if it was looked for. */
  #lastPeer: DatagramPeer | undefined;
  readonly #peers = new Map<number, DatagramPeer>();
  readonly #places = new Places<DatagramPeer>();
  /** By the user; messages may still be leaving. */
  #isClosed = false;
  #isReferenced = true;
  #longestMessage: number | undefined;
  #streams: number | undefined;

  constructor(bound: BoundSocket, config: DatagramConfig) {
    const { socket, family } = bound;
    this.limit = config.sendBufferLimit;
    this.total = new SharedLimit(config.totalSendBufferLimit);
    this.#config = config;
    this.#family = family;
    this.#defaults = new MessageDefaults(socket);
    this.#descriptor = new SharedDescriptor(bound, this);
    this.#closer = new Closer({
      count: () => this.#count(),
      stopListening: () => {
        socket.listen(0);
      },
      close: () => {
        for (const peer of [...this.#peers.values()]) peer.close();
        this.#descriptor.close();
      },
    });
    this.#descriptor.start();
  }

  get sctp(): SctpOptions {
    return this.#config.sctp;
  }

  get copies(): boolean {
    return this.#config.copy;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get native(): NativeSeqpacketSocket {
    return this.#descriptor.native;
  }

  /** @throws TypeError, RangeError with Node's codes */
  checkPeer(host: unknown, port: unknown): { host: string; port: number } {
    return checkDestination(host, port, this.#family);
  }

  /** @returns bytes accepted @throws first of all for anything that could never be sent */
  send(data: unknown, host: unknown, port: unknown, info: unknown): number {
    const bytes = isFilled(data) ? data : checkBytes('data', data);
    const place = this.#placeOf(host, port);
    const checked = info === undefined ? undefined : checkSendInfo(info);
    if (this.#isClosed) throw handleClosed();
    const native = this.#defaults.toNative(checked);
    const byDefault = this.#defaults.covers(checked);
    const known = this.#peerAt(place);
    // Now: getters of `info` may have detached it, or sent to another place.
    const length = bytes instanceof Uint8Array ? lengthOf(bytes) : 0;
    if (length === 0) checkBytes('data', bytes);
    // The usual case first, with neither an object nor a Buffer of its own.
    if (known && length > 0 && length <= this.#longest()) {
      if (known.collect(bytes as Uint8Array, length, native, byDefault)) return length;
    }
    return this.#try({ data: toBuffer(bytes), info: native, byDefault }, place, known);
  }

  /** @returns whether there was one */
  abort(host: string, port: number, reason?: Uint8Array): boolean {
    const peer = this.#find(host, port);
    peer?.abort(reason);
    return peer !== undefined;
  }

  /** @returns whether there was one, and has ended in order */
  async shutdown(host: string, port: number): Promise<boolean> {
    return (await this.#find(host, port)?.shutdown()) ?? false;
  }

  associations(): DatagramAssociation[] {
    return [...this.#peers.values()].map(({ link, place, state, waitingBytes }) => ({
      id: link.assocId,
      ...place,
      state,
      bufferedAmount: waitingBytes,
    }));
  }

  getOption<Name extends ReadableOptionName>(name: Name, args: unknown): OptionValues[Name] {
    return getOptionOfAll(this.#descriptor, name, args, this.#holderOf(name, args));
  }

  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    const links = [...this.#peers.values()].map(({ link }) => link);
    try {
      setOptionOfAll(this.#descriptor, links, name, value);
    } finally {
      this.#defaults.reload();
      this.#longestMessage = undefined;
      this.#streams = undefined;
    }
  }

  setReferenced(on: boolean): void {
    this.#isReferenced = on;
    for (const one of [this.native, ...[...this.#peers.values()].map(({ link }) => link)]) {
      if (on) one.ref();
      else one.unref();
    }
  }

  close(): void {
    releaseAll();
    this.#isClosed = true;
    this.#closer.begin();
  }

  // --- What its descriptor reports ---

  onInbound(link: EndpointLink, peer: Peer): void {
    if (this.#isClosed) return;
    const { maxAssociations } = this.#config;
    if (this.#peers.size >= maxAssociations) {
      link.abort(TOO_MANY);
      this.report(refusedText(maxAssociations, peer));
    } else {
      this.#add(link, peer);
    }
  }

  onIncomplete(length: number, peer: Peer): void {
    this.#deliver(incompleteText(length, peer));
  }

  onError(errno: number): void {
    this.#deliver(receiveErrorText(errno));
  }

  // --- What its peers report ---

  report(text: string): void {
    if (this.#isClosed) this.#closer.onTrouble(text);
    else this.#config.onReceive(text);
  }

  onMessage(data: Buffer, { address, port }: Peer, info: ReceivedInfo): void {
    if (!this.#isClosed) this.#config.onReceive([data, address, port], info);
  }

  onTooLarge(length: number, peer: Peer): void {
    const { maxMessageSize, maxMessageSizeName, maxUnfinishedBytes } = this.#config;
    this.#deliver(
      length > maxMessageSize
        ? tooLargeText(length, maxMessageSize, maxMessageSizeName, peer)
        : noRoomText(length, maxUnfinishedBytes, peer),
    );
  }

  onIdle(): void {
    this.#closer.settle();
  }

  /** The shared descriptor no longer finds it. */
  onPeeledOff(peer: DatagramPeer): void {
    this.#lastPeer = undefined;
    for (const { address, port } of listed(peer.link.peerAddresses())) {
      this.#places.set(address, port, peer);
    }
  }

  onOver(peer: DatagramPeer): void {
    if (this.#peers.get(peer.link.assocId) === peer) this.#peers.delete(peer.link.assocId);
    this.#forgetPlaces(peer);
    // Later: what waited is still to be reported.
    setImmediate(() => {
      this.#closer.settle();
    });
  }

  /** The shared descriptor does not know the paths of those that have one of their own. */
  #holderOf(name: string, args: unknown): OptionHolder {
    if (name !== 'peerAddrInfo') return this.native;
    const { address, port } = (args as { address?: Partial<Peer> } | undefined)?.address ?? {};
    const peer = this.#places.get(String(address), Number(port));
    return peer?.link.isPeeledOff === true ? peer.link : this.native;
  }

  #placeOf(host: unknown, port: unknown): Destination {
    if (this.#last && host === this.#lastHost && port === this.#lastPort) return this.#last;
    const place = this.checkPeer(host, port);
    [this.#lastHost, this.#lastPort, this.#last] = [host, port, place];
    this.#lastPeer = undefined;
    return place;
  }

  #peerAt(place: Destination): DatagramPeer | undefined {
    if (place !== this.#last) return this.#find(place.host, place.port);
    return (this.#lastPeer ??= this.#find(place.host, place.port));
  }

  #forgetPlaces(peer: DatagramPeer): void {
    this.#places.remove(peer);
    this.#lastPeer = undefined;
  }

  #count(): { waiting: number; starting: number } {
    let waiting = 0;
    let starting = 0;
    for (const peer of this.#peers.values()) {
      waiting += peer.waiting;
      if (peer.isStarting) starting++;
    }
    return { waiting, starting };
  }

  /** What still arrives after `close` is not delivered. */
  #deliver(text: string): void {
    if (!this.#isClosed) this.#config.onReceive(text);
  }

  #add(link: EndpointLink, place: Peer): DatagramPeer {
    const peer = new DatagramPeer(link, place, this);
    if (!this.#isReferenced) link.unref();
    this.#peers.set(link.assocId, peer);
    this.#lastPeer = undefined; // it may be this one now
    this.#places.set(place.address, place.port, peer);
    return peer;
  }

  #find(host: string, port: number): DatagramPeer | undefined {
    const known = this.#places.get(host, port);
    if (known || this.#peers.size === 0) return known;
    // Another of its addresses, or another spelling.
    const found = this.native.getOption('peerAddrInfo', { address: { address: host, port } });
    if (typeof found === 'number') return undefined;
    const peer = this.#peers.get(found['assocId'] as number);
    if (peer) this.#places.set(host, port, peer);
    return peer;
  }

  #try(
    message: ReadyMessage,
    { host, port }: Destination,
    known: DatagramPeer | undefined,
  ): number {
    if (!known) return this.#sendFirst(message, host, port);
    const result = known.try(message);
    if (result >= 0) return result;
    if (result === -EAGAIN) return this.#queue(message, known);
    // It is over, which was not read yet: a datagram begins another.
    if (result !== -EPIPE || !known.link.isGone()) throw this.#error(result, message, host, port);
    this.#forgetPlaces(known);
    return this.#sendFirst(message, host, port);
  }

  /** The first message to a peer sets up an association. */
  #sendFirst(message: ReadyMessage, host: string, port: number): number {
    this.#checkFirst(message, host, port);
    const { maxAssociations } = this.#config;
    if (this.#peers.size >= maxAssociations) {
      throw tooManyAssociations(maxAssociations, { address: host, port }, 'send');
    }
    const link = this.#begin(host, port);
    if (typeof link === 'number') throw this.#error(link, message, host, port);
    const family = familyOf(host);
    const peer = this.#add(link, { address: host, family, port });
    try {
      return this.#queue(message, peer);
    } catch (error) {
      peer.abort();
      throw error;
    }
  }

  /** @returns negative errno if the kernel refuses */
  #begin(host: string, port: number): EndpointLink | number {
    const link = this.#descriptor.connect([host], port);
    if (link !== -EISCONN) return link;
    // The peer has set one up, which was not read yet.
    const found = this.native.getOption('peerAddrInfo', { address: { address: host, port } });
    return typeof found === 'number' ? found : this.#descriptor.adopt(found['assocId'] as number);
  }

  #queue(message: ReadyMessage, peer: DatagramPeer): number {
    const { address, port } = peer.place;
    this.#checkLength(message, address, port);
    if (peer.isStarting) this.#checkStream(message, address, port);
    peer.queue(message);
    return message.data.length;
  }

  /** Nothing is begun for a message that cannot be sent. */
  #checkFirst(message: ReadyMessage, host: string, port: number): void {
    this.#checkLength(message, host, port);
    this.#checkStream(message, host, port);
  }

  #checkLength({ data }: ReadyMessage, host: string, port: number): void {
    const limit = this.#longest();
    if (data.length > limit) throw messageTooLarge(data.length, limit, { address: host, port });
  }

  #checkStream(message: ReadyMessage, host: string, port: number): void {
    this.#streams ??= getOption(this.native, 'initMsg').numOstreams;
    if (message.info[0] >= this.#streams) throw this.#error(-EINVAL, message, host, port);
  }

  #error(errno: number, { data, info }: ReadyMessage, host: string, port: number): Error {
    return refusedError(errno, { length: data.length, info, host, port }, this.#longest());
  }

  /** In bytes: the kernel takes no message longer than its send buffer. */
  #longest(): number {
    return (this.#longestMessage ??= getOption(this.native, 'sndBuf'));
  }
}

/** The usual data; an object with the prototype of one is no view. */
function isFilled(data: unknown): data is Uint8Array {
  return ArrayBuffer.isView(data) && data instanceof Uint8Array && lengthOf(data) > 0;
}
