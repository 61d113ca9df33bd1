/** The functions of `net`, over SCTP. */
import type { ConnectOptions, ServerOptions } from '../types/socket';
import { callable } from './callable';
import { Server } from './server/server';
import { connectArguments, connectConfig } from './socket/connect-arguments';
import { Socket as SocketClass } from './socket/socket';

/** One association, as a stream of messages; `new` may be left out, as with `net.Socket`. */
export const Socket = callable(SocketClass);
export type Socket = SocketClass;

/** Makes a server; `listen` starts it. */
export function createServer(
  options?: ServerOptions,
  connectionListener?: (socket: Socket) => void,
): Server;
export function createServer(connectionListener?: (socket: Socket) => void): Server;
export function createServer(first?: unknown, second?: unknown): Server {
  return new Server(first as ServerOptions, second as (socket: Socket) => void);
}

/**
 * Makes a Socket and connects it.
 * @param listener for 'connect'
 * @throws TypeError, RangeError with Node's codes for bad arguments
 */
export function connect(optionsOrPort: ConnectOptions | number, listener?: () => void): Socket;
export function connect(port: number, host: string, listener?: () => void): Socket;
export function connect(...args: unknown[]): Socket {
  const { options } = connectArguments(args);
  const socket = new Socket(options as ConnectOptions);
  if (socket.destroyed) {
    connectConfig(options); // the signal was aborted before; bad arguments throw all the same
    return socket;
  }
  if (typeof options.timeout === 'number') socket.setTimeout(options.timeout);
  return (socket.connect as (...all: unknown[]) => Socket).call(socket, ...args);
}

export const createConnection = connect;
