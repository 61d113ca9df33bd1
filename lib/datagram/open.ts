/** `open`: SCTP messages as datagrams, on one one-to-many socket. */
import type { ReceivedInfo } from '../../types/messages';
import type { NativeSeqpacketSocket } from '../../types/native';
import type { PrInfo, SctpOptions } from '../../types/options';
import { bindAndListen } from '../bind';
import { binding } from '../binding';
import { systemError } from '../errors';
import { wipeSecrets } from '../options/secret';
import { type DatagramConfig, optionsConfig, positionalConfig } from './config';
import { DatagramHandle } from './handle';
import type { Family } from '../validate';

/**
 * Called for each received message with `[data, host, port]` and what the kernel tells about it,
 * and with a text for each failure: a message that could not be delivered, one that was too long,
 * an association that failed. A text is English for logs; the words may change.
 */
export type OnReceive = (
  result: [data: Buffer, host: string, port: number] | string,
  info?: ReceivedInfo,
) => void;

export interface OpenOptions {
  /** Numeric address to bind. Default: every address, IPv6 and IPv4. */
  host?: string;
  /** Port to bind; 0, the default, lets the kernel choose: see `address()`. */
  port?: number;
  /** Bytes, 1 to 67108864 (default 16777216). Longer messages are dropped and reported. */
  maxMessageSize?: number;
  /** Let messages overtake each other (default true): short for `sctp.defaultSndInfo`. */
  unordered?: boolean;
  /** When to give a message up (default 30 s): short for `sctp.defaultPrInfo`. */
  pr?: PrInfo;
  /**
   * Bytes of messages that may wait because the kernel's buffer is full (default 4194304). Each
   * message counts its length and 256 bytes.
   */
  sendBufferLimit?: number;
  /**
   * Give each message memory of its own. By default (false) messages of up to 8 KiB, of all handles
   * of a thread, share ArrayBuffers of 256 KiB, so that keeping one keeps its neighbours.
   */
  copy?: boolean;
  /** Socket options, set before binding. */
  sctp?: SctpOptions;
}

/**
 * Opens a one-to-many SCTP socket that sends and receives messages. Associations are made and
 * ended by the kernel as messages need them.
 *
 * Sends are unordered and given up after 30 s (once the association is up); RTO 250/200/5000 ms
 * (initial/min/max), no Nagle delay, address reuse, IPv4 too on an IPv6 host. The options form can
 * change each of these.
 *
 * @param bindHost numeric address, `'0.0.0.0'` or `'::'` for all
 * @param bindPort 0 lets the kernel choose
 * @param recvMaxlen bytes, 1 to 67108864: longer messages are dropped and reported
 * @throws TypeError, RangeError with Node's codes for bad arguments, before anything is opened
 * @throws ERR_SCTP_NOT_SUPPORTED if the kernel has no SCTP; ERR_SCTP_OPTION if it refuses an
 *   option; system errors (`bind EADDRINUSE …`)
 */
export function open(
  bindHost: string,
  bindPort: number,
  recvMaxlen: number,
  onRecv: OnReceive,
): DatagramHandle;
export function open(options: OpenOptions, onRecv: OnReceive): DatagramHandle;
export function open(first: unknown, second: unknown, ...rest: unknown[]): DatagramHandle {
  const config =
    typeof first === 'object'
      ? optionsConfig(first, second)
      : positionalConfig(first, second, rest[0], rest[1]);
  const bound = bindSocket(config);
  try {
    return new DatagramHandle(bound, config);
  } catch (error) {
    bound.socket.close();
    throw error;
  }
}

export interface BoundSocket {
  socket: NativeSeqpacketSocket;
  family: Family;
}

function bindSocket(config: DatagramConfig): BoundSocket {
  const socket = new binding.SeqpacketSocket(config.maxMessageSize);
  try {
    const family = bindAndListen(socket, { ...config, backlog: 128 }, systemError);
    return { socket, family };
  } finally {
    wipeSecrets(config.sctp);
  }
}
