/** kernel-sctp as a program that was written for TCP uses it: every socket is a byte stream. */
import * as sctp from 'kernel-sctp';

import type { Net } from './twin';

class ByteStream extends sctp.Socket {
  constructor(options?: sctp.SocketOptions) {
    super({ ...options, byteStream: true });
  }
}

function connect(...args: unknown[]): sctp.Socket {
  const [first] = args;
  const hasOptions = typeof first === 'object' && first !== null;
  const options = hasOptions ? (first as Partial<sctp.ConnectOptions>) : {};
  const socket = new ByteStream(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect(...(args as Parameters<sctp.Socket['connect']>));
}

function createServer(first?: unknown, second?: unknown): sctp.Server {
  const isListener = typeof first === 'function';
  const options = isListener ? {} : (first as sctp.ServerOptions | undefined);
  const listener = (isListener ? first : second) as (socket: sctp.Socket) => void;
  return sctp.createServer({ ...options, byteStream: true }, listener);
}

export const byteStreams = {
  ...sctp,
  Socket: ByteStream,
  connect,
  createConnection: connect,
  createServer,
} as unknown as Net;
