/** Errors of endpoints and their associations. */
import { withCode } from './coded';
import { type Place, placeText } from './system';

export function endpointClosed(): Error {
  return withCode(new Error('The endpoint is closed'), 'ERR_SCTP_ENDPOINT_CLOSED');
}

export function endpointBound(call: string, place: Place): Error {
  const message = `${call}: the endpoint is bound already, to${placeText(place)}`;
  return withCode(new Error(message), 'ERR_SCTP_ENDPOINT_BOUND', place);
}

/** @param how "was lost", for instance */
export function associationOver(how: string, cause?: Error): Error {
  const message = `The association ${how}`;
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  return withCode(error, 'ERR_SCTP_ASSOCIATION_OVER');
}

/** After `shutdown`. */
export function associationEnding(): Error {
  const message = 'The association is being shut down: nothing more can be sent';
  return withCode(new Error(message), 'ERR_SCTP_ASSOCIATION_ENDING');
}

export function peeledOff(): Error {
  const message = 'The association was peeled off: use the Socket that peelOff() has returned';
  return withCode(new Error(message), 'ERR_SCTP_PEELED_OFF');
}

export function notUpYet(): Error {
  const message = 'The association is not up yet: wait for connect() to resolve';
  return withCode(new Error(message), 'ERR_SCTP_ASSOCIATION_STARTING');
}

export function tooManyAssociations(limit: number, place: Place, call = 'connect'): Error {
  const message = `${call}${placeText(place)}: maxAssociations (${String(limit)}) reached`;
  return withCode(new Error(message), 'ERR_SCTP_TOO_MANY_ASSOCIATIONS', { limit, ...place });
}
