/** Failures as `onRecv` gets them, in plain words. */
import { isIPv6Address } from '../addresses/family';
import type { NativeNotification } from '../../types/native-values';
import type { FailedMessage } from '../association/failed-messages';
import type { Peer } from '../batch';
import { constants } from '../constants';
import { causeName } from '../causes';
import { describeErrno } from '../errors';

type UndeliveredMessage = Omit<FailedMessage, 'data' | 'unordered'>;
type AssocChange = Extract<NativeNotification, { type: 'assocChange' }>;

export function placeOf({ address, port }: Peer): string {
  return isIPv6Address(address) ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

export function tooLargeText(length: number, limit: number, limitName: string, peer: Peer): string {
  return (
    `message from ${placeOf(peer)} dropped: its ${String(length)} bytes exceed ` +
    `${limitName} (${String(limit)})`
  );
}

export function noRoomText(length: number, limit: number, peer: Peer): string {
  return (
    `message from ${placeOf(peer)} dropped: unfinished messages of all peers left no room for its ` +
    `${String(length)} bytes within maxUnfinishedBytes (${String(limit)})`
  );
}

export function refusedText(limit: number, peer: Peer): string {
  return `association with ${placeOf(peer)} aborted: maxAssociations (${String(limit)}) reached`;
}

export function incompleteText(length: number, peer: Peer): string {
  return (
    `message from ${placeOf(peer)} dropped: after ${String(length)} bytes the association ended or ` +
    'restarted, or the peer abandoned the message'
  );
}

export function receiveErrorText(errno: number): string {
  return `receiving failed: ${describeErrno(errno)}`;
}

export function sendErrorText(errno: number, peer: Peer, length: number): string {
  return `message of ${String(length)} bytes to ${placeOf(peer)} not sent: ${describeErrno(errno)}`;
}

/** A message that had been accepted. */
export function sendFailedText(failed: UndeliveredMessage, peer: Peer): string {
  const whether = failed.sent
    ? 'was sent but not acknowledged; it may or may not have arrived'
    : 'was never sent, or not completely';
  const why = failed.why && ` (${failed.why})`;
  return (
    `message of ${String(failed.length)} bytes to ${placeOf(peer)} not delivered: it ${whether}${why} ` +
    `[sid ${String(failed.sid)}, ppid ${String(failed.ppid)}, context ${String(failed.context)}]`
  );
}

/** Nothing for changes that are no failure. */
/** @param count DATA chunks: messages, or parts of long ones */
export function unconfirmedText(count: number, peer: Peer): string {
  return (
    `association with ${placeOf(peer)} was shut down by the peer with messages on their way ` +
    `(${String(count)} DATA chunks): its kernel has acknowledged them since, but perhaps nobody reads them`
  );
}

export function assocChangeText(change: AssocChange, peer: Peer): string | undefined {
  const place = placeOf(peer);
  const why = change.error === 0 ? '' : ` (${causeName(change.error)})`;
  switch (change.state) {
    case constants.SCTP_CANT_STR_ASSOC:
      return `association with ${place} could not be started: refused or unanswered${why}`;
    case constants.SCTP_COMM_LOST:
      // Causes are those of an ABORT that was received; an error alone is this kernel's own reason.
      return change.causes.length > 0
        ? `association with ${place} lost: aborted by the peer${why}`
        : `association with ${place} lost: aborted, or the peer no longer answers${why}`;
    default:
      return undefined;
  }
}
