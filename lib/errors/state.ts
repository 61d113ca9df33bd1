/** Calls at the wrong time: Node's codes for sockets and servers. */
import { withCode } from './coded';

export function handleClosed(): Error {
  // dgram's code and words for the same mistake.
  return withCode(new Error('Not running'), 'ERR_SOCKET_DGRAM_NOT_RUNNING');
}

export function socketClosed(): Error {
  return withCode(new Error('Socket is closed'), 'ERR_SOCKET_CLOSED');
}

/** As `socketClosed`, of one that has not been connected so far. */
export function notConnected(): Error {
  const message =
    "Socket is not connected: call connect() and wait for 'connect' (options can be given to the " +
    'constructor, or to connect(), as sctp: { … })';
  return withCode(new Error(message), 'ERR_SOCKET_CLOSED');
}

export function closedBeforeConnection(): Error {
  const message = 'Socket closed before the connection was established';
  return withCode(new Error(message), 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION');
}

/** As `net` says it. */
export function endedByOtherParty(): Error {
  return withCode(new Error('This socket has been ended by the other party'), 'EPIPE');
}

export function serverNotRunning(): Error {
  return withCode(new Error('Server is not running.'), 'ERR_SERVER_NOT_RUNNING');
}

export function serverAlreadyListening(): Error {
  const message = 'Listen method has been called more than once without closing.';
  return withCode(new Error(message), 'ERR_SERVER_ALREADY_LISTEN');
}
