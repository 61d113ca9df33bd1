/** The part of the seam (see native.d.ts) that is the engine, and the UDP that carries it. */

import type { Address } from './address';
import type { NativeNotification, NativeOptionValues } from './native-values';

/** What an engine association is created with. What is absent keeps the engine's default. */
export interface NativeEngineConfig {
  /** Whether messages that failed are returned with their data. */
  returnsFailed?: boolean;
  localPort?: number;
  remotePort?: number;
  outboundStreams?: number;
  inboundStreams?: number;
  mtu?: number;
  receiveWindow?: number;
  maxReceiveMessageSize?: number;
  sendBuffer?: number;
  maxSendMessageSize?: number;
  partialReliability?: boolean;
  interleaving?: boolean;
  reconfiguration?: boolean;
  zeroChecksum?: boolean;
  /** Milliseconds, as all times here. */
  rtoInitial?: number;
  rtoMin?: number;
  rtoMax?: number;
  sackDelay?: number;
  /** Packets with data until a SACK leaves at once. */
  sackFrequency?: number;
  cookieLifetime?: number;
  heartbeatInterval?: number;
  maxInitRetransmits?: number;
  maxRetransmits?: number;
  maxBurst?: number;
  /** 0: in order of sending, 1: round robin, 2: by priority, 3: by weight. */
  scheduler?: number;
}

/** An error cause of an ABORT or ERROR (RFC 9260 §3.3.10). */
export interface NativeErrorCause {
  code: number;
  /** The RFC's name. */
  name: string;
  /** The readable part of a User-Initiated Abort or Protocol Violation; else empty. */
  text: string;
  info: Buffer;
}

/** Times in milliseconds. */
export interface NativeEngineStats {
  mtu: number;
  cwnd: number;
  ssthresh: number;
  flightSize: number;
  peerRwnd: number;
  unsentBytes: number;
  unsentMessages: number;
  unacknowledgedBytes: number;
  receiveWindow: number;
  reassemblyBytes: number;
  srtt?: number;
  rto: number;
  errorCount: number;
  outboundStreams: number;
  inboundStreams: number;
  counters: Record<
    | 'packetsSent'
    | 'packetsReceived'
    | 'packetsDiscarded'
    | 'bytesSent'
    | 'bytesReceived'
    | 'messagesSent'
    | 'messagesReceived'
    | 'messagesAbandoned'
    | 'chunksSent'
    | 'chunksReceived'
    | 'chunksRetransmitted'
    | 'chunksDuplicate'
    | 'chunksDropped'
    | 'sacksSent'
    | 'sacksReceived'
    | 'fastRecoveries'
    | 't3Timeouts'
    | 'heartbeatsSent'
    | 'forwardTsnsSent',
    number
  >;
}

/**
 * An association of the engine, over packets of the caller's. After any call that may have changed
 * something the caller polls packets and events until there are none, and then calls `arm`.
 *
 * While it waits for time to pass, for more than the next heartbeat, it stays alive and holds the
 * event loop open, unless unreferenced.
 */
export interface NativeEngineAssociation {
  connect(): void;
  /**
   * Anything may be in the packet.
   * @returns 1 if the peer waits for packets that are to be polled, else 0 or negative errno
   */
  receive(packet: ArrayBufferView): number;
  /**
   * Copies the data; a string is sent as UTF-8.
   * @param policy 0: reliable, 1: `value` milliseconds, 2: `value` retransmissions, 3: `value` as
   *   priority
   * @returns 0 if it is queued; 1: the buffer is full, 2: no such stream, 3: empty, 4: too large,
   * 5: closing, 6: closed; or negative errno
   */
  send(
    data: string | ArrayBufferView,
    sid: number,
    ppid: number,
    unordered: boolean,
    policy: number,
    value: number,
    /** Comes back if it fails. */
    context?: number,
    sackImmediately?: boolean,
  ): number;
  /**
   * Writes packets one after another, from `start` on, as long as the longest would fit.
   * @returns how many there are; their lengths are in `lengths`
   */
  pollPackets(buffer: Uint8Array, start: number, lengths: Uint32Array): number;
  /**
   * Writes rows of `engineRowColumns` from word 1 on. Short messages are copied to the slab, from
   * `start` on; word 0 says from where the slab is still free. What is no number is appended to
   * `extras`. @returns how many rows there are; 0 also if the next message does not fit into the slab
   */
  pollEvents(slab: Uint8Array, start: number, rows: Uint32Array, extras: unknown[]): number;
  /** Starts the timer for what is due next. */
  arm(): void;
  /**
   * @returns 0 if the answer will be an event; 1: the peer does not support it, 2: no such streams,
   * 3: busy, 4: not connected; or negative errno
   */
  resetStreams(streams: readonly number[]): number;
  /** Asks the peer to reset those that it sends on. @returns as `resetStreams` */
  requestReset(streams: readonly number[]): number;
  /** @returns as `resetStreams` */
  addStreams(outgoing: number, incoming: number): number;
  /** Takes over what may change at any time. @returns 0 or negative errno */
  tune(config: NativeEngineConfig): number;
  /** Bytes of messages that are neither acknowledged nor given up. */
  retainedBytes(): number;
  /** Ends gracefully. */
  shutdown(): void;
  abort(reason: string): void;
  setPriority(sid: number, priority: number): void;
  setWeight(sid: number, weight: number): void;
  /** Bytes that have never been sent, on a stream or on all. */
  bufferedAmount(sid?: number): number;
  setLowThreshold(sid: number, bytes: number): void;
  setMtu(mtu: number): void;
  maxPacketSize(): number;
  /** The engine's number of the state. */
  state(): number;
  /** Whether it is over, and both ends have handed over everything. */
  endedInOrder(): boolean;
  /** Nothing once it is closed. */
  stats(): NativeEngineStats | undefined;
  ref(): void;
  unref(): void;
  /** Ends at once and sends nothing. May be called at any time. */
  close(): void;

  /** Set by lib/. Time has passed: there may be something to poll. */
  onTimeout?: () => void;
}

/** The door of a server with many peers on one port. It keeps nothing of strangers. */
export interface NativeEngineListener {
  /**
   * @param origin where the packet came from, in any fixed form
   * @returns what to answer, if anything; or true: the peer is to be let in. A new EngineAssociation
   * of this listener and origin, whose `remotePort` is the packet's source, receives the packet then
   */
  receive(packet: ArrayBufferView, origin: Uint8Array): Buffer | true | undefined | number;
}

/** Where a packet came from that is not on a known way. */
export interface NativeStranger extends Address {
  /** Our address, to which it was sent. */
  localAddress: string;
}

/** A UDP descriptor that carries SCTP packets (RFC 6951). Numbers below 0 are errnos. */
export interface NativeUdpSocket {
  open(family: 4 | 6, ipv6Only: boolean): number;
  bind(host: string, port: number): number;
  /** From then on only this peer's packets come. */
  connect(host: string, port: number): number;
  localAddress(): Address | undefined;
  /** What leaves in one piece to the peer of `connect`; in bytes. */
  longestDatagram(): number;
  /**
   * Both ends of packets, one of a peer and one of ours.
   * @returns the number that stands for them from then on, 1 or more
   */
  addWay(host: string, port: number, localHost?: string): number;
  removeWay(way: number): void;
  /**
   * @param memory where each packet has a slot of 64 KiB
   * @param rows gets, for each packet, its way (0 for none that is known) and its length
   * @param strangers gets, at the packet's index, where one of no known way came from
   * @returns how many packets there were
   */
  receive(memory: Uint8Array, rows: Uint32Array, strangers: NativeStranger[]): number;
  /**
   * Sends packets, from the index `first` on.
   * @returns the index of the first for which there is no room now; or how many there are
   */
  send(way: number, packets: readonly ArrayBufferView[], first: number): number;
  /** Sends one packet on a way that has no number. */
  reply(host: string, port: number, localHost: string, packet: ArrayBufferView): number;
  watch(readable: boolean, writable: boolean): number;
  ref(): void;
  unref(): void;
  close(): void;

  /** Set by lib/. */
  onReadable?: () => void;
  /** Set by lib/. */
  onWritable?: () => void;
}

export interface NativeEngineBinding {
  /** @param listener that has let the peer in, from where `origin` says */
  EngineAssociation: new (
    config: NativeEngineConfig,
    listener?: NativeEngineListener,
    origin?: Uint8Array,
  ) => NativeEngineAssociation;
  EngineListener: new (config: NativeEngineConfig) => NativeEngineListener;
  /** The answer to a packet for a port on which nobody listens, if there is one. */
  refuseStranger(packet: ArrayBufferView): Buffer | undefined;
  UdpSocket: new () => NativeUdpSocket;
  /**
   * What the kernel would send as a notification.
   * @param values fields by their names of RFC 6458
   * @param rest what follows the struct
   */
  makeNotification(
    type: number,
    flags: number,
    values: NativeOptionValues,
    rest?: Uint8Array,
  ): NativeNotification;
  /** What a row of `pollEvents` says. */
  engineRowKinds: Record<
    | 'message'
    | 'largeMessage'
    | 'messageFailed'
    | 'connected'
    | 'restarted'
    | 'drained'
    | 'bufferedAmountLow'
    | 'incomingStreamsReset'
    | 'outgoingStreamsReset'
    | 'resetAnswered'
    | 'streamsAdded'
    | 'peerShutdown'
    | 'errorReceived'
    | 'closed',
    number
  >;
  /** The place of each column in a row; `count` is the length of a row. */
  engineRowColumns: Record<
    'kind' | 'offset' | 'length' | 'sid' | 'ppid' | 'code' | 'flag' | 'context' | 'count',
    number
  >;
}
