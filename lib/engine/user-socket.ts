/**
 * A one-to-one socket of the user-space engine: what the addon's StreamSocket is to the kernel's
 * SCTP, over UDP (RFC 6951). One address a side.
 */
import { randomInt } from 'node:crypto';
import { constants as os } from 'node:os';

import { familyOf, isIPv6Address } from '../addresses/family';
import type { Address } from '../../types/address';
import type { NativeSendInfo, NativeStreamSocket } from '../../types/native';
import type {
  NativeAddressList,
  NativeOptionValues,
  NativePath,
  NotificationNumbers,
} from '../../types/native-values';
import type { NativeUdpSocket } from '../../types/native-engine';
import { binding } from '../binding';
import { burst } from '../burst';
import { ENCAPSULATION_PORT, UserOptions } from './user-options';
import type { OnBatch } from './row-writer';
import type { UdpPort } from './udp-port';
import { checkOwnAddress, knownPort, longestPacketTo, ownPort, sharedPort } from './udp-ports';
import { UserAssociation } from './user-association';
import { machineAddresses, UserListener } from './user-listener';

const { EBADF, EINPROGRESS, EINVAL, EISCONN, ENOTCONN, EOPNOTSUPP } = os.errno;

const EPHEMERAL = { first: 49_152, end: 65_536 };
/** Longer ones gain nothing, and few of them fill the buffer of a UDP socket. */
const LONGEST_PACKET = 8972;
const UDP_HEADER = 8;

export class UserSocket implements NativeStreamSocket {
  onBatch?: OnBatch;
  onWritable?: () => void;
  onAccept?: (socket: NativeStreamSocket, peer: Address | undefined) => void;
  onAcceptError?: (errno: number) => void;

  readonly #maxMessageSize: number;
  /** Our UDP port; nothing for the usual: 9899 to listen, any to connect. */
  readonly #udpPort: number | undefined;
  #options = new UserOptions(4);
  #udp: NativeUdpSocket | undefined;
  #hosts: string[] = [];
  #sctpPort = 0;
  #subscriptions = new Set<number>();
  #association: UserAssociation | undefined;
  #listener: UserListener | undefined;
  #isReferenced = true;
  #isOpen = false;

  constructor(maxMessageSize: number, udpPort?: number) {
    this.#maxMessageSize = maxMessageSize;
    this.#udpPort = udpPort;
  }

  /** The socket of an association that a listener has let in. */
  static accepted(association: UserAssociation): UserSocket {
    const socket = new UserSocket(association.maxMessageSize);
    socket.#options = association.options;
    socket.#isOpen = true;
    socket.#take(association);
    return socket;
  }

  open(family: 4 | 6): number {
    const udp = new binding.UdpSocket();
    const errno = udp.open(family, false);
    if (errno < 0) return errno;
    udp.unref();
    this.#udp = udp;
    this.#isOpen = true;
    this.#options = new UserOptions(family);
    return 0;
  }

  bind(host: string, port: number): number {
    if (!this.#isOpen) return -EBADF;
    const errno = checkOwnAddress(host);
    if (errno < 0) return errno;
    this.#hosts = [host];
    this.#sctpPort = port || ephemeralPort(this.#sharedUdpPort());
    return 0;
  }

  /** Listeners may have several addresses, each of them alone in its associations. */
  bindMore(addresses: NativeAddressList): number {
    const hosts = addresses.filter((part) => typeof part === 'string');
    for (const host of hosts) {
      const errno = checkOwnAddress(host);
      if (errno < 0) return errno;
    }
    if (this.#association) return -EOPNOTSUPP;
    this.#hosts.push(...hosts);
    return 0;
  }

  unbind(): number {
    return -EOPNOTSUPP;
  }

  listen(backlog: number): number {
    if (!this.#isOpen) return -EBADF;
    const port = sharedPort(this.#udpPort ?? ENCAPSULATION_PORT);
    if (typeof port === 'number') return port;
    this.#closeUdp();
    this.#listener = new UserListener({
      port,
      hosts: this.#hosts,
      sctpPort: this.#sctpPort,
      backlog,
      ipv6Only: this.#options.family === 6 && this.#options.isOn('v6Only'),
      options: this.#options,
      accept: (door, source, peerPort) => this.#let(port, { door, source, peerPort }),
      onAccept: (association) =>
        this.onAccept?.(UserSocket.accepted(association), association.peer),
    });
    const errno = this.#listener.open();
    if (errno < 0) this.#listener = undefined;
    else if (this.#isReferenced) port.ref(this);
    return errno;
  }

  startedStreams(): { outStreams: number; inStreams: number } | undefined {
    return this.#association?.startedStreams;
  }

  localAddress(): Address | undefined {
    if (this.#association) return this.#association.local;
    const [address] = this.#hosts;
    if (address === undefined) return undefined;
    return { address, family: familyOf(address), port: this.#sctpPort };
  }

  boundAddresses(): Address[] | number {
    if (this.#association) return [this.#association.local];
    return machineAddresses(this.#hosts, this.#sctpPort);
  }

  setOption(name: string, values: NativeOptionValues): number {
    if (!this.#isOpen) return -EBADF;
    return this.#association?.setOption(name, values) ?? this.#options.set(name, values);
  }

  /** None: each is set by itself. */
  setOptions(): number {
    return this.#isOpen ? 0 : -EBADF;
  }

  getOption(name: string, args?: NativeOptionValues): NativeOptionValues | number {
    if (!this.#isOpen) return -EBADF;
    return this.#association?.getOption(name, args) ?? this.#optionBefore(name);
  }

  getNumber(name: string, field: string): number {
    const values = this.getOption(name);
    return typeof values === 'number' ? values : Number(values[field]);
  }

  watch(readable: boolean, writable: boolean): number {
    this.#listener?.watch(readable);
    this.#association?.watch(readable, writable);
    return this.#isOpen ? 0 : -EBADF;
  }

  limitReads(count: number): number {
    this.#association?.limitReads(count);
    return 0;
  }

  receive(): number {
    return this.#association?.read() ?? -EBADF;
  }

  subscribe(types: NotificationNumbers, on: boolean): number {
    for (const type of types) {
      if (on) this.#subscriptions.add(type);
      else this.#subscriptions.delete(type);
    }
    this.#association?.subscribe(types, on);
    return 0;
  }

  unacknowledgedBytes(): number {
    return this.#association?.unacknowledgedBytes() ?? -EBADF;
  }

  connect(addresses: NativeAddressList): number {
    const [host, port] = addresses as [string, number];
    if (this.#association) return -EISCONN;
    if (!this.#udp) return -EBADF;
    if (isMulticast(host)) return -EINVAL;
    const peerUdpPort = this.#options.number('remoteUdpEncapsPort', 'port');
    const ways = this.#wayTo(host, peerUdpPort);
    if (typeof ways === 'number') return ways;
    const { udpPort, localAddress, longest } = ways;
    this.#sctpPort ||= ephemeralPort(undefined);
    const association = new UserAssociation({
      port: udpPort,
      source: { address: host, family: familyOf(host), port: peerUdpPort, localAddress },
      peerPort: port,
      ownPort: this.#sctpPort,
      mtu: this.#mtu(host, longest),
      maxMessageSize: this.#maxMessageSize,
      options: this.#options,
      subscriptions: this.#subscriptions,
    });
    if (association.error !== 0) return association.error;
    this.#take(association);
    association.connect();
    return -EINPROGRESS;
  }

  send(data: ArrayBufferView, ...info: [...NativeSendInfo, host?: string, port?: number]): number {
    const [sid, ppid, flags, context, prPolicy, prValue, authKeyNumber, , host] = info;
    if (!this.#association) return -ENOTCONN;
    // There is no such key, and no other address.
    const hasOther = host !== undefined && host !== this.#association.peer.address;
    if (authKeyNumber !== undefined || hasOther) return -EINVAL;
    return this.#association.send(data, sid, ppid, flags, context, prPolicy, prValue);
  }

  sendBurst(): number {
    return burst.sendEach((...message) => this.send(...message));
  }

  peerAddress(): Address | undefined {
    return this.#association?.isOver === false ? this.#association.peer : undefined;
  }

  localAddresses(): Address[] | number {
    return this.#association?.isOver === false ? [this.#association.local] : -ENOTCONN;
  }

  peerAddresses(): Address[] | number {
    return this.#association?.isOver === false ? [this.#association.peer] : -ENOTCONN;
  }

  peerPaths(): NativePath[] | number {
    const peers = this.peerAddresses();
    if (typeof peers === 'number') return peers;
    return peers.map((address) => {
      const info = this.getOption('peerAddrInfo', { address });
      return typeof info === 'number' ? { address, errno: info } : (info as NativePath);
    });
  }

  resetStreams(_assocId: number, flags: number, streams: readonly number[]): number {
    return this.#association?.resetStreams(flags, streams) ?? -ENOTCONN;
  }

  resetAssociation(): number {
    return -EOPNOTSUPP;
  }

  addStreams(_assocId: number, incoming: number, outgoing: number): number {
    return this.#association?.addStreams(incoming, outgoing) ?? -ENOTCONN;
  }

  shutdown(): number {
    if (!this.#association) return -ENOTCONN;
    this.#association.shutdown();
    return 0;
  }

  abort(_assocId: number, reason?: ArrayBufferView): number {
    if (!this.#isOpen) return -EBADF;
    const text = reason
      ? Buffer.from(reason.buffer, reason.byteOffset, reason.byteLength).toString()
      : '';
    this.#association?.abort(text);
    this.close();
    return 0;
  }

  ref(): void {
    this.#isReferenced = true;
    this.#association?.ref();
    this.#listener?.port.ref(this);
  }

  unref(): void {
    this.#isReferenced = false;
    this.#association?.unref();
    this.#listener?.port.unref(this);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closeUdp();
    this.#association?.close();
    this.#listener?.port.unref(this);
    this.#listener?.close();
    this.#listener = undefined;
  }

  #sharedUdpPort(): number {
    return this.#udpPort ?? ENCAPSULATION_PORT;
  }

  #take(association: UserAssociation): void {
    this.#association = association;
    association.attach(this);
    if (this.#isReferenced) association.ref();
  }

  #let(
    port: UdpPort,
    {
      door,
      source,
      peerPort,
    }: Pick<ConstructorParameters<typeof UserAssociation>[0], 'door' | 'source' | 'peerPort'>,
  ): UserAssociation {
    const longest = longestPacketTo(source.address, source.port);
    return new UserAssociation({
      port,
      source,
      peerPort,
      ownPort: this.#sctpPort,
      mtu: this.#mtu(source.address, longest),
      maxMessageSize: this.#maxMessageSize,
      options: this.#options.copy(),
      subscriptions: this.#subscriptions,
      ...(door && { door }),
    });
  }

  /** A descriptor of its own, unless our port was named: that one may have listeners, too. */
  #wayTo(
    host: string,
    peerUdpPort: number,
  ): { udpPort: UdpPort; localAddress: string; longest: number } | number {
    const [localHost] = this.#hosts;
    if (this.#udpPort !== undefined && this.#udpPort !== 0) {
      const port = sharedPort(this.#udpPort);
      if (typeof port === 'number') return port;
      this.#closeUdp();
      const route = binding.routeSource(host, peerUdpPort);
      if (typeof route === 'number') return route;
      const localAddress = localHost ?? route.address;
      return { udpPort: port, localAddress, longest: longestPacketTo(host, peerUdpPort) };
    }
    const udp = this.#udp as NativeUdpSocket;
    const isWildcard = localHost === undefined || localHost === '::' || localHost === '0.0.0.0';
    const bound = isWildcard ? 0 : udp.bind(localHost, 0);
    const errno = bound < 0 ? bound : udp.connect(host, peerUdpPort);
    if (errno < 0) return errno;
    this.#udp = undefined; // the port's, from now on
    const localAddress = udp.localAddress()?.address ?? '';
    return { udpPort: ownPort(udp), localAddress, longest: udp.longestDatagram() };
  }

  #mtu(host: string, longest: number): number {
    const pathMtu = this.#options.number('peerAddrParams', 'pathMtu');
    const ipHeader = familyOf(host) === 'IPv6' ? 40 : 20;
    if (pathMtu > 0) return pathMtu - ipHeader - UDP_HEADER;
    return Math.min(longest > 0 ? longest : 1200, LONGEST_PACKET);
  }

  #optionBefore(name: string): NativeOptionValues | number {
    const needsAssociation = ['status', 'peerAddrInfo', 'primaryAddr', 'streamSchedulerValue'];
    return needsAssociation.includes(name) ? -EINVAL : this.#options.get(name);
  }

  #closeUdp(): void {
    this.#udp?.close();
    this.#udp = undefined;
  }
}

/** An association has one peer. */
function isMulticast(host: string): boolean {
  return isIPv6Address(host) ? /^ff/i.test(host) : Number.parseInt(host, 10) >= 224;
}

/** One on which nobody listens. */
function ephemeralPort(udpPort: number | undefined): number {
  const shared = udpPort === undefined ? undefined : knownPort(udpPort);
  for (;;) {
    const port = randomInt(EPHEMERAL.first, EPHEMERAL.end);
    if (!shared?.isListenedTo(port, () => true)) return port;
  }
}
