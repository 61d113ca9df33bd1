/** Our own errors: ERR_SCTP_… */
import { constants as os } from 'node:os';

import type { ErrorCause } from '../../types/notifications';
import type { SendFailedError } from '../../types/association';
import { show, withCode } from './coded';
import { describeErrno, errnoName, type Place, placeText, systemError } from './system';

export function messageTooLarge(size: number, limit: number, place: Place, hint = ''): Error {
  const message =
    `send${placeText(place)}: a message of ${String(size)} bytes is longer than the send buffer ` +
    `(${String(limit)} bytes), the most the kernel takes at once. Raise the option sndBuf (above ` +
    `net.core.wmem_max it needs CAP_NET_ADMIN) or send shorter messages${hint}`;
  return withCode(new Error(message), 'ERR_SCTP_MESSAGE_TOO_LARGE', { size, limit, ...place });
}

/** Where the option disableFragments is on. */
export function messageNotToBeSplit(size: number, place: Place): Error {
  const message =
    `send${placeText(place)}: a message of ${String(size)} bytes does not fit into one packet, and ` +
    'the option disableFragments forbids splitting it. Switch that off, or send shorter messages';
  return withCode(new Error(message), 'ERR_SCTP_MESSAGE_TOO_LARGE', { size, ...place });
}

/** What an undelivered message was. */
type FailedMessage = Omit<SendFailedError, keyof Error | 'code'>;

/** A message that was accepted and may not have been delivered. It goes with the error. */
export function sendFailed(message: FailedMessage, why: string, cause?: Error): SendFailedError {
  const { data, sid, ppid, context, sent } = message;
  const whether = sent
    ? 'was sent but not acknowledged; it may or may not have arrived'
    : 'was never sent, or not completely';
  const text =
    `message of ${String(data.length)} bytes not delivered: it ${whether}${why && ` (${why})`} ` +
    `[sid ${String(sid)}, ppid ${String(ppid)}, context ${String(context)}]`;
  const error = cause === undefined ? new Error(text) : new Error(text, { cause });
  return withCode(error, 'ERR_SCTP_SEND_FAILED', message) as SendFailedError;
}

export function writeAfterPeerEnded(syscall: 'write' | 'send' = 'write'): NodeJS.ErrnoException {
  const hint =
    'the peer has ended the association, and SCTP has no half-open state: answer before the ' +
    'peer ends';
  return systemError(syscall, -os.errno.EPIPE, {}, hint);
}

/** The peer has sent an ABORT. The text is that of `net`. */
export function connectionReset(causes: readonly ErrorCause[]): NodeJS.ErrnoException {
  return Object.assign(systemError('read', -os.errno.ECONNRESET), { causes });
}

/** Messages that the peer had not acknowledged, or had sent only in part, are lost. */
export function peerRestarted(): NodeJS.ErrnoException {
  const hint =
    "the peer has restarted the association, and messages were lost. Listen for 'restart' (and " +
    "'sendFailed', which has the messages) to continue on the new association";
  return systemError('read', -os.errno.ECONNRESET, {}, hint);
}

export function connectTimeout(timeout: number, place: Place, hint = ''): Error {
  const message =
    `connect${placeText(place)}: no answer within connectTimeout (${String(timeout)} ms)` +
    (hint && `: ${hint}`);
  const fields = { syscall: 'connect', timeout, ...place };
  return withCode(new Error(message), 'ERR_SCTP_CONNECT_TIMEOUT', fields);
}

/** An option that is refused before the kernel is asked. */
export function optionUnavailable(option: string, reason: string, value?: unknown): Error {
  const shown = value === undefined ? '' : ` to ${show(value, { breakLength: Infinity })}`;
  const verb = value === undefined ? 'use' : 'set';
  const message = `cannot ${verb} ${option}${shown}: ${reason}`;
  return withCode(new Error(message), 'ERR_SCTP_OPTION', { option, value });
}

export function connectingOption(option: string): Error {
  const message =
    `cannot set ${option} while connecting: give it to the constructor or connect() as ` +
    `sctp.${option}, or set it after 'connect'`;
  return withCode(new Error(message), 'ERR_SCTP_OPTION', { option });
}

export function secretUsed(option: string): Error {
  const message =
    `${option} was already used, and its key was wiped: to use it again, pass a new object with ` +
    'the key';
  return withCode(new Error(message), 'ERR_SCTP_OPTION', { option });
}

export function closeTimeout(timeout: number): Error {
  const message =
    `the peer has neither acknowledged everything nor ended the association within closeTimeout ` +
    `(${String(timeout)} ms without progress): it was aborted, and messages may be lost`;
  return withCode(new Error(message), 'ERR_SCTP_CLOSE_TIMEOUT', { timeout });
}

export function stalled(duration: number, unacknowledgedBytes: number): Error {
  const message =
    `the peer has acknowledged nothing for stallTimeout (${String(duration)} ms), with ` +
    `${String(unacknowledgedBytes)} bytes under way or waiting in the kernel: the association was ` +
    "aborted (stallAction: 'abort'), and these are lost";
  return withCode(new Error(message), 'ERR_SCTP_STALLED', { duration, unacknowledgedBytes });
}

/** Node's code for what a BlockList forbids. */
export function peerBlocked(address: string): Error {
  const message = `the peer has added an address that is blocked, ${address}: it was aborted`;
  return withCode(new Error(message), 'ERR_IP_BLOCKED', { address });
}

/** @param errno negative, or 0 if the kernel has named no address */
export function peerUnchecked(errno: number): Error {
  const why = errno < 0 ? ` (getsockopt ${errnoName(errno)})` : '';
  const message =
    `the addresses of the peer, which have changed, cannot be read${why}: one of them may be ` +
    'blocked, so the association was aborted';
  return withCode(new Error(message), 'ERR_IP_BLOCKED');
}

export function receivedTooLarge(limit: number): Error {
  const message =
    `the peer sent a message longer than maxMessageSize (${String(limit)} bytes): the ` +
    'association was aborted';
  return withCode(new Error(message), 'ERR_SCTP_MESSAGE_TOO_LARGE', { limit });
}

/** A message was shorter than `maxMessageSize`, but those of all peers that had come in part took all. */
export function noRoomToReceive(limit: number): Error {
  const message =
    `a message of the peer's found no room within maxUnfinishedBytes (${String(limit)} bytes, of ` +
    'all messages that have come in part): the association was aborted';
  return withCode(new Error(message), 'ERR_SCTP_MESSAGE_TOO_LARGE', { limit });
}

export function sendBufferFull(
  size: number,
  queued: number,
  limit: number,
  place: Place,
  limitName = 'sendBufferLimit',
): Error {
  const message =
    `send${placeText(place)}: ${String(queued)} bytes wait for the kernel already; another ` +
    `${String(size)} would exceed ${limitName} (${String(limit)}). The message was not ` +
    `queued: send it again later, or raise ${limitName}`;
  return withCode(new Error(message), 'ERR_SCTP_SEND_BUFFER_FULL', {
    size,
    queued,
    limit,
    ...place,
  });
}

export function optionError(
  call: 'setOption' | 'getOption',
  option: string,
  value: unknown,
  errno: number,
  remedy: string,
): Error {
  const shown = value === undefined ? '' : ` to ${show(value, { breakLength: Infinity })}`;
  const verb = call === 'setOption' ? 'set' : 'get';
  const message =
    `cannot ${verb} ${option}${shown}: ${describeErrno(errno)}` + (remedy && `. ${remedy}`);
  const fields = {
    option,
    value,
    errno,
    syscall: call === 'setOption' ? 'setsockopt' : 'getsockopt',
  };
  return withCode(new Error(message), 'ERR_SCTP_OPTION', fields);
}
