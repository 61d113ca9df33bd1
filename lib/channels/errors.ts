/** Why an association of the engine ended: errors in Node's shape, and the channels' RTCError. */
import { constants as os } from 'node:os';
import { isNativeError } from 'node:util/types';

import type { NativeErrorCause } from '../../types/native-engine';
import { systemError } from '../errors';
import { withCode } from '../errors/coded';
import { invalidState, RTCError } from './rtc-error';

/** The engine's Closed::Reason. */
const SHUTDOWN = 0;
const ABORTED = 1;
const PEER_ABORTED = 2;
const SETUP_FAILED = 3;
const TIMED_OUT = 4;
const RESOURCES = 6;

function textOf(causes: readonly NativeErrorCause[]): string {
  return causes.map(({ name, text }) => (text === '' ? name : `${name}: ${text}`)).join('; ');
}

/** Nothing if it ended as one of the two wanted. */
export function closedError(
  reason: number,
  causes: NativeErrorCause[],
  maxMessageSize: number,
): Error | undefined {
  const why = textOf(causes);
  switch (reason) {
    case SHUTDOWN:
    case ABORTED:
      return undefined;
    case PEER_ABORTED: {
      const hint = `the peer aborted the association${why && ` (${why})`}`;
      return Object.assign(systemError('read', -os.errno.ECONNRESET, {}, hint), { causes });
    }
    case SETUP_FAILED:
      return systemError('connect', -os.errno.ETIMEDOUT, {}, 'the peer does not answer');
    case TIMED_OUT:
      return systemError('read', -os.errno.ETIMEDOUT, {}, 'the peer no longer acknowledges');
    case RESOURCES: {
      const message =
        'the peer sent a message longer than maxMessageSize ' +
        `(${String(maxMessageSize)} bytes), or too many fragments: the association was aborted`;
      const fields = { limit: maxMessageSize, causes };
      return withCode(new Error(message), 'ERR_SCTP_MESSAGE_TOO_LARGE', fields);
    }
    default: {
      const message = `the peer violated the protocol${why && ` (${why})`}: it was aborted`;
      return withCode(new Error(message), 'ERR_SCTP_PROTOCOL_VIOLATION', { causes });
    }
  }
}

/** Also of another realm, and DOMExceptions. */
export function isError(value: unknown): value is Error {
  return isNativeError(value) || value instanceof DOMException;
}

export function transportFailed(cause: unknown): Error {
  const why = isError(cause) ? cause.message : 'it was closed';
  const message = `the transport failed: ${why}`;
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  return withCode(error, 'ERR_SCTP_TRANSPORT');
}

export function noTransport(): DOMException {
  return invalidState('There is no transport: give options.transport, or call setSendCallback()');
}

export function closedBeforeConnected(): Error {
  const message = 'the association was closed before it was up';
  return withCode(new Error(message), 'ERR_SCTP_CLOSED');
}

/** The error that the channels of a failed association end with. */
export function rtcErrorOf(error: Error): RTCError {
  const { causes } = error as { causes?: NativeErrorCause[] };
  const sctpCauseCode = causes?.[0]?.code ?? null;
  return new RTCError({ errorDetail: 'sctp-failure', sctpCauseCode, cause: error }, error.message);
}
