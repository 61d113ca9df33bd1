/** `open`: SCTP messages as datagrams, on one one-to-many socket. */
import type { OnReceive, OpenOptions } from '../../types/datagram';
import { binding } from '../binding';
import { bindShared, type BoundSocket } from '../endpoint/bind-shared';
import { wipeSecrets } from '../options/secret';
import { type DatagramConfig, optionsConfig, positionalConfig } from './config';
import { DatagramHandle } from './handle';

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

function bindSocket(config: DatagramConfig): BoundSocket {
  const socket = new binding.SeqpacketSocket(config.maxMessageSize, config.maxUnfinishedBytes);
  try {
    return bindShared(socket, { ...config, backlog: 128 });
  } finally {
    wipeSecrets(config.sctp);
  }
}
