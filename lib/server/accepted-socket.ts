/** The Socket of an association that a Server has accepted. */
import type { BlockList } from 'node:net';

import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import type { SocketOptions } from '../../types/socket';
import { OneToOneLink } from '../association/one-to-one-link';
import { type Accepted, kAccepted } from '../socket/accepted';
import { Socket } from '../socket/socket';
import type { ServerConfig } from './server-config';

/** The server's properties that apply to sockets accepted from now on. */
interface Settings {
  readonly allowHalfOpen: boolean;
  readonly pauseOnConnect: boolean;
  readonly blockList: BlockList | undefined;
  readonly highWaterMark: number;
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelay: number;
}

export interface AcceptedAssociation {
  native: NativeStreamSocket;
  /** Where it was begun from. */
  peer: Address | undefined;
}

/** @param onOver no listener, which users could remove */
export function acceptedSocket(
  server: Settings,
  { socket: given, keepAlive: givenKeepAlive }: ServerConfig,
  { native, peer }: AcceptedAssociation,
  onOver: () => void,
): Socket {
  const { allowHalfOpen, highWaterMark, noDelay, keepAlive, keepAliveInitialDelay } = server;
  const sizes = { highWaterMark, writableHighWaterMark: highWaterMark };
  const changed = highWaterMark === given.highWaterMark ? {} : sizes;
  const blocks = server.blockList && { blockList: server.blockList };
  const config = { ...given, allowHalfOpen, ...changed, ...blocks };
  try {
    const link = new OneToOneLink(native, peer);
    const accepted: Accepted = { link, config, isPaused: server.pauseOnConnect, onOver };
    const socket = new Socket({ [kAccepted]: accepted } as SocketOptions);
    // The kernel has inherited the listener's.
    if (noDelay !== config.sctp.noDelay) socket.setNoDelay(noDelay);
    if (keepAlive !== givenKeepAlive) socket.setKeepAlive(keepAlive, keepAliveInitialDelay);
    socket.server = server;
    return socket;
  } catch (error) {
    native.abort(0); // nobody else would
    throw error;
  }
}
