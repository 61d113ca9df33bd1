/** SCTP error causes (RFC 9260 §3.3.10 and its extensions; names of IANA's registry). */
import type { ErrorCause } from '../types/notifications';

const names: Readonly<Record<number, string>> = {
  1: 'invalid stream identifier',
  2: 'missing mandatory parameter',
  3: 'stale cookie',
  4: 'out of resource',
  5: 'unresolvable address',
  6: 'unrecognized chunk type',
  7: 'invalid mandatory parameter',
  8: 'unrecognized parameters',
  9: 'no user data',
  10: 'cookie received while shutting down',
  11: 'restart of an association with new addresses',
  12: 'user-initiated abort',
  13: 'protocol violation',
  160: 'request to delete last remaining IP address',
  161: 'operation refused due to resource shortage',
  162: 'request to delete source IP address',
  163: 'association aborted due to illegal ASCONF-ACK',
  164: 'request refused, no authorization',
  261: 'unsupported HMAC identifier',
};

/** For a sentence: with its number. */
export function causeName(code: number): string {
  const name = names[code];
  return name === undefined
    ? `error cause ${String(code)}`
    : `${name}, error cause ${String(code)}`;
}

export function describeCause({ code, info }: Pick<ErrorCause, 'code' | 'info'>): ErrorCause {
  return { code, name: names[code] ?? 'unknown', text: printable(info) ?? '', info };
}

/** Longer ones are no text for a human. */
const LONGEST_TEXT = 200;

/** What a cause carries, where that is text; padding with zeros is not part of it. */
export function printable(data: Buffer): string | undefined {
  let end = data.length;
  while (end > 0 && data[end - 1] === 0) end--;
  if (end === 0 || end > LONGEST_TEXT) return undefined;
  const text = data.toString('utf8', 0, end);
  return /^[^\p{C}\ufffd]+$/u.test(text) ? text : undefined;
}
