/** Names of SCTP error causes (RFC 9260 §3.3.10 and its extensions; IANA's registry). */
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

export function causeName(code: number): string {
  const name = names[code];
  return name === undefined
    ? `error cause ${String(code)}`
    : `${name}, error cause ${String(code)}`;
}
