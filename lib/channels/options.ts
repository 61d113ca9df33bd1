/** Options of an association that carries data channels. */
import type { DataChannelAssociationOptions, Role } from '../../types/data-channels';
import type { NativeEngineConfig } from '../../types/native-engine';
import { invalidArgType } from '../errors';
import {
  checkProperties,
  checkBoolean,
  checkDuration,
  checkInteger,
  checkOneOf,
  checkPort,
  checkSignal,
  INT32,
  UINT16,
} from '../validate';

const KIB = 1024;

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
  const options = checkProperties('options', given, NAMES);
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
