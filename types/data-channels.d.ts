/** Data channels: `kernel-sctp/channels`. Maps of events are completed by the classes they name. */
import type { Duplex } from 'node:stream';

import type { NativeEngineStats } from './native-engine';

/** Whose streams have even numbers: the client's. */
export type Role = 'client' | 'server';

/** A name of the W3C's, or the number that goes over the wire. */
export type ChannelPriority = 'very-low' | 'low' | 'medium' | 'high' | number;

/** What DTLS, UDP, a MessagePort or a test hands packets to, for one association at a time. */
export interface PacketTransport {
  /** Sends one packet. It may keep the Buffer, and may lose it. */
  send(packet: Buffer): unknown;
  /** Set by the association: to be called with each packet that arrives. */
  onPacket?: ((packet: ArrayBufferView | ArrayBuffer) => void) | undefined;
}

export interface DataChannelAssociationOptions {
  /**
   * What carries packets: an object with `send(packet)`, whose `onPacket` the association sets, or
   * a Duplex of which each chunk is a packet. Without it there are `setSendCallback` and
   * `handleIncoming`.
   */
  transport?: PacketTransport | Duplex;
  /**
   * Whose streams have even numbers: the client's, as the DTLS client has them (RFC 8832 §6). The
   * two ends must differ. Either may begin, or both.
   */
  role: Role;
  /** Our SCTP port (default 5000), `a=sctp-port` in SDP. */
  port?: number;
  /** The peer's SCTP port (default 5000). */
  remotePort?: number;
  /** The longest packet that the transport carries, 512 to 65535 bytes (default 1200). */
  mtu?: number;
  /** Streams to ask for, 1 to 65535 (default 1024): the most channels there can be at a time. */
  streams?: number;
  /**
   * The longest message taken from the peer, in bytes (default 262144): what `a=max-message-size`
   * announces to the peer. A longer one aborts the association.
   */
  maxMessageSize?: number;
  /**
   * The longest message that the peer takes, in bytes (default 262144): its `a=max-message-size`,
   * where 0 stands for no limit. Without that line in its SDP it is 65536 (RFC 8841 §6).
   */
  remoteMaxMessageSize?: number;
  /** Whether long messages may be interleaved (RFC 8260) if the peer can, too (default true). */
  interleaving?: boolean;
  /**
   * Whether packets go without checksum (RFC 9653) if the peer agrees (default false): only for a
   * transport that detects errors itself, as DTLS does.
   */
  zeroChecksum?: boolean;
  /** Milliseconds until `connect` gives up (default 30000); 0 for never. */
  connectTimeout?: number;
  /** Milliseconds without progress after which `close` aborts (default 30000); 0 for never. */
  closeTimeout?: number;
  /** Milliseconds between heartbeats of an idle association (default 30000); 0 for none. */
  heartbeatInterval?: number;
  /** Bytes that all channels together may have accepted and not delivered (default 16 MiB). */
  sendBufferLimit?: number;
  /** Aborts the association. */
  signal?: AbortSignal;
}

export interface DataChannelInit {
  /** Whether messages arrive in the order in which they were sent (default true). */
  ordered?: boolean;
  /** How often a message is retransmitted before it is given up. 0 sends it once. */
  maxRetransmits?: number;
  /** Milliseconds for which a message is sent and retransmitted before it is given up. */
  maxPacketLifeTime?: number;
  /** A name for what is spoken on the channel (default none). */
  protocol?: string;
  /** The peer creates the same channel itself, with the same `id`: nothing is announced to it. */
  negotiated?: boolean;
  /** The stream, 0 to 65534. By default the lowest free one of our parity. */
  id?: number;
  /** 'very-low', 'low' (default), 'medium', 'high', or a number from 0 to 65535. */
  priority?: ChannelPriority;
}

/** How far an association has come. */
export type AssociationState = 'new' | 'connecting' | 'connected' | 'closing' | 'closed' | 'failed';

/** `readyState` of a channel. */
export type ChannelState = 'connecting' | 'open' | 'closing' | 'closed';

/** What binary messages are handed over as. */
export type BinaryType = 'arraybuffer' | 'blob' | 'nodebuffer';

/** What `binaryType` makes of a binary message. */
export type MessageData = string | ArrayBuffer | Blob | Buffer;

/** The arguments that each event's listeners get. */
export interface DataChannelAssociationEventMap<Channel, RTCError> {
  /** The association is up. */
  connect: [];
  /** `state` has changed. */
  state: [state: AssociationState];
  /** The peer has opened a channel. Messages come only after listeners were added. */
  datachannel: [channel: Channel];
  /** The peer has lost its state and started again; channels are closed, except negotiated ones. */
  restart: [];
  /** The peer broke the rules of data channels; what it sent is ignored, or its stream reset. */
  violation: [error: RTCError];
  /** The association failed; 'close' follows. Needs no listener. */
  error: [error: Error];
  /** The association is over: with an error unless it was closed, or aborted by us. */
  close: [error: Error | undefined];
}

/** What listeners added by `on` and `once` get. */
export interface DataChannelEventMap<RTCError> {
  /** The channel can send. */
  open: [];
  /** One whole message: a string, or a Buffer whatever `binaryType` is. */
  message: [data: string | Buffer];
  /** The peer is closing the channel. */
  closing: [];
  /** The channel is closed, and its stream free. */
  close: [];
  /** The channel failed, or the peer did something wrong on it. Needs no listener. */
  error: [error: RTCError];
  /** `bufferedAmount` has fallen to `bufferedAmountLowThreshold`. */
  bufferedamountlow: [];
}

/** Bytes, but for counts and times; times are in milliseconds. */
export interface AssociationStats extends Omit<NativeEngineStats, 'srtt' | 'counters'> {
  state: AssociationState;
  /** Smoothed round-trip time; null before the first measurement. */
  srtt: number | null;
  /** Since the beginning. */
  counters: NativeEngineStats['counters'];
}

export interface DataChannelsOptions {
  /** Whose channels have even ids: the client's. The two ends must differ. */
  role: Role;
  /** The longest message that the peer takes, in bytes (default 262144). */
  remoteMaxMessageSize?: number;
}

/** The arguments that each event's listeners get. */
export interface SocketChannelsEventMap<Channel, RTCError> {
  /** The peer has opened a channel. */
  datachannel: [channel: Channel];
  /** The peer broke the rules of data channels. */
  violation: [error: RTCError];
}

export interface SctpAssociationOptions {
  localPort: number;
  remotePort: number;
  /** The client begins, and its channels have even ids. */
  role: Role;
}

export type SctpAssociationState = 'new' | 'connecting' | 'connected' | 'closed' | 'failed';

/** The arguments that each event's listeners get. */
export interface SctpAssociationEventMap<Channel> {
  state: [state: SctpAssociationState];
  datachannel: [channel: Channel];
  /** Needs no listener. */
  error: [error: Error];
}

/** The arguments that each event's listeners get. */
export interface SctpDataChannelEvents {
  open: [];
  message: [data: Buffer | string];
  closing: [];
  close: [];
  /** Needs no listener. */
  error: [error: Error];
  bufferedamountlow: [];
}
