/** What `require('net')` gives, over SCTP. */
import type { ServerOptions } from '../types/server';
import type { ConnectOptions } from '../types/socket';
import { callable } from './callable';
import { isSubscribed, publish } from './diagnostics/channels';
import { Server as ServerClass } from './server/server';
import type { ConnectionListener } from './server/server-config';
import { connectArguments, connectConfig } from './socket/connecting/connect-arguments';
import { Socket as SocketClass } from './socket/socket';

/**
 * Node's own, since they have nothing to do with TCP. The default for selecting a family is that of
 * `net`: an association uses the addresses of both families at once.
 */
export {
  BlockList,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  isIP,
  isIPv4,
  isIPv6,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
  SocketAddress,
} from 'node:net';

/** One association, as a stream of messages; `new` may be left out, as with `net.Socket`. */
export const Socket = callable(SocketClass);
export type Socket = SocketClass;

/** An older name of `Socket`. */
export const Stream = Socket;
export type Stream = SocketClass;

interface ServerCall {
  (options?: ServerOptions | null, connectionListener?: ConnectionListener): Server;
  (connectionListener: ConnectionListener): Server;
}

/** Accepts associations; `new` may be left out, as with `net.Server`. */
export const Server = callable<typeof ServerClass, ServerCall>(ServerClass);
export type Server = ServerClass;

/** Makes a server; `listen` starts it. */
export const createServer: ServerCall = (first?: unknown, second?: unknown): Server =>
  new Server(first as ServerOptions, second as ConnectionListener);

/**
 * Makes a Socket and connects it.
 * @param listener for 'connect'
 * @throws TypeError, RangeError with Node's codes for bad arguments
 */
export function connect(optionsOrPort: ConnectOptions | number, listener?: () => void): Socket;
export function connect(port: number, host: string, listener?: () => void): Socket;
export function connect(...args: unknown[]): Socket {
  const given = connectArguments(args);
  const { options } = given;
  const socket = new Socket(given as unknown as ConnectOptions);
  if (socket.destroyed) {
    connectConfig(options); // the signal was aborted before; bad arguments throw all the same
    return socket;
  }
  if (isSubscribed('clientSocket')) publish('clientSocket', { socket });
  if (options.timeout) socket.setTimeout(options.timeout as number);
  return socket.connect(given as unknown as ConnectOptions);
}

/** Another name of `connect`. */
export const createConnection = connect;
