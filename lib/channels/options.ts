/** Options of an association that carries data channels. */
import type { NativeEngineConfig } from '../../types/native-engine';
import { invalidArgType } from '../errors';
import {
  checkBagOf,
  checkBoolean,
  checkDuration,
  checkInteger,
  checkOneOf,
  checkPort,
  checkSignal,
  INT32,
  UINT16,
} from '../validate';
import type { Duplex } from 'node:stream';

import type { PacketTransport } from './packet-transport';
import type { Role } from './stream-ids';

const KIB = 1024;

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
   * tells the peer. A longer one aborts the association.
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

const NAMES = [
  'transport',
  'role',
  'port',
  'remotePort',
  'mtu',
  'streams',
  'maxMessageSize',
  'remoteMaxMessageSize',
  'interleaving',
  'zeroChecksum',
  'connectTimeout',
  'closeTimeout',
  'heartbeatInterval',
  'sendBufferLimit',
  'signal',
] as const satisfies readonly (keyof DataChannelAssociationOptions)[];

/** Bytes, unless messages may be so long that a larger one is needed. */
const RECEIVE_WINDOW = 2 * KIB * KIB;
/** The scheduler that shares by priority. */
const WEIGHTED_FAIR = 3;
export interface CheckedOptions {
  transport: unknown;
  role: Role;
  streams: number;
  remoteMaxMessageSize: number;
  maxMessageSize: number;
  connectTimeout: number;
  closeTimeout: number;
  signal: AbortSignal | undefined;
  config: NativeEngineConfig;
}

export function checkOptions(given: unknown): CheckedOptions {
  const options = checkBagOf('options', given, NAMES);
  const {
    transport,
    role,
    port = 5000,
    remotePort = 5000,
    mtu = 1200,
    streams = 1024,
    maxMessageSize = 256 * KIB,
    remoteMaxMessageSize = 256 * KIB,
    interleaving = true,
    zeroChecksum = false,
    connectTimeout = 30_000,
    closeTimeout = 30_000,
    heartbeatInterval = 30_000,
    sendBufferLimit = 16 * KIB * KIB,
    signal,
  } = options;
  if (role === undefined) throw invalidArgType('options.role', "'client' or 'server'", role);
  const longest = checkInteger('options.maxMessageSize', maxMessageSize, 1, INT32);
  const peers = checkInteger('options.remoteMaxMessageSize', remoteMaxMessageSize, 0, INT32);
  const buffer = checkInteger('options.sendBufferLimit', sendBufferLimit, 1, INT32);
  const count = checkInteger('options.streams', streams, 1, UINT16);
  return {
    transport,
    role: checkOneOf('options.role', role, ['client', 'server']),
    streams: count,
    maxMessageSize: longest,
    remoteMaxMessageSize: peers === 0 ? Infinity : peers,
    connectTimeout: checkDuration('options.connectTimeout', connectTimeout),
    closeTimeout: checkDuration('options.closeTimeout', closeTimeout),
    signal: signal === undefined ? undefined : checkSignal('options.signal', signal),
    config: {
      localPort: checkPort('options.port', port, { allowZero: false }),
      remotePort: checkPort('options.remotePort', remotePort, { allowZero: false }),
      mtu: checkInteger('options.mtu', mtu, 512, UINT16),
      outboundStreams: count,
      maxReceiveMessageSize: longest,
      maxSendMessageSize: buffer,
      receiveWindow: Math.max(RECEIVE_WINDOW, Math.min(2 * longest, INT32)),
      sendBuffer: buffer,
      interleaving: checkBoolean('options.interleaving', interleaving),
      zeroChecksum: checkBoolean('options.zeroChecksum', zeroChecksum),
      heartbeatInterval: Math.ceil(checkDuration('options.heartbeatInterval', heartbeatInterval)),
      scheduler: WEIGHTED_FAIR,
    },
  };
}
