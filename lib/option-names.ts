/**
 * Names in the options of `connect`, `createServer` and their like. Unlike those of `sctp` they may
 * come with names of others: programs hand on what they were given for `net`, http and tls. So only
 * what is ours, in the wrong place or misspelt, is refused: it must not be ignored in silence.
 */
import type { ListenOptions, ServerOptions } from '../types/server';
import type { ConnectOptions, SocketOptions } from '../types/socket';
import { distance, invalidArgValue } from './errors';
import { isKind } from './options/fields';
import { optionNames, optionTable } from './options/table';
import { checkNames, checkObject, copyOf, isPlain } from './validate';

type Names<Options> = Readonly<Record<keyof Options, true>>;

const socketNames: Names<SocketOptions> = {
  allowHalfOpen: true,
  highWaterMark: true,
  readableHighWaterMark: true,
  writableHighWaterMark: true,
  maxMessageSize: true,
  closeTimeout: true,
  stallTimeout: true,
  stallAction: true,
  notifications: true,
  oversize: true,
  byteStream: true,
  signal: true,
  noDelay: true,
  typeOfService: true,
  keepAlive: true,
  keepAliveInitialDelay: true,
  onread: true,
  captureRejections: true,
  OS: true,
  MIS: true,
  ppid: true,
  protocol: true,
  sack: true,
  sctp: true,
  engine: true,
  udpPort: true,
};

const connectNames: Names<Omit<ConnectOptions, keyof SocketOptions>> = {
  port: true,
  host: true,
  remoteAddresses: true,
  localAddress: true,
  localAddresses: true,
  interface: true,
  localPort: true,
  family: true,
  lookup: true,
  hints: true,
  connectTimeout: true,
  timeout: true,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: true,
};

const serverNames: Names<Omit<ServerOptions, keyof SocketOptions>> = {
  blockList: true,
  pauseOnConnect: true,
  totalHighWaterMark: true,
};

const listenNames: Names<ListenOptions> = {
  port: true,
  host: true,
  localAddresses: true,
  interface: true,
  backlog: true,
  ipv6Only: true,
  reusePort: true,
  exclusive: true,
  signal: true,
};

/** Who takes options: as the user calls it, and the names that it knows. */
const takers = {
  Socket: { title: 'new Socket()', names: new Set(Object.keys(socketNames)) },
  connect: {
    title: 'connect()',
    names: new Set([...Object.keys(socketNames), ...Object.keys(connectNames)]),
  },
  createServer: {
    title: 'createServer()',
    names: new Set([...Object.keys(socketNames), ...Object.keys(serverNames)]),
  },
  listen: { title: 'listen()', names: new Set(Object.keys(listenNames)) },
} as const;
export type OptionTaker = keyof typeof takers;

/** Limits that somebody would believe to be set. */
const elsewhere: Readonly<Record<string, string>> = {
  maxConnections: 'it is a property: server.maxConnections',
  maxAssociations: 'it belongs in open() or createEndpoint(); a server has server.maxConnections',
  sendBufferLimit: 'it belongs in open() or createEndpoint(); a Socket has writableHighWaterMark',
  maxUnfinishedBytes: 'it belongs in open() or createEndpoint(); a Socket has maxMessageSize',
};

/** Names of `net`, streams, dns, http, tls and http2: whatever they mean there, they may come along. */
const foreign = new Set(
  `allowHalfOpen autoSelectFamily autoSelectFamilyAttemptTimeout backlog blockList
  captureRejections exclusive family fd handle highWaterMark hints host hostname ipv6Only keepAlive
  keepAliveInitialDelay localAddress localPort lookup noDelay objectMode onread path pauseOnConnect
  port readable readableAll readableHighWaterMark readableObjectMode reusePort servername signal
  socket timeout typeOfService writable writableAll writableHighWaterMark writableObjectMode
  all autoDestroy construct decodeStrings defaultEncoding destroy emitClose encoding final order
  read verbatim write writev
  agent agentKeepAliveTimeoutBuffer auth connectionsCheckingInterval createConnection defaultPort
  headers headersTimeout highWaterMark IncomingMessage insecureHTTPParser joinDuplicateHeaders
  keepAliveMsecs keepAliveTimeout keepAliveTimeoutBuffer maxFreeSockets maxHeaderSize
  maxHeadersCount maxRequestsPerSocket maxSockets maxTotalSockets method optimizeEmptyRequests
  protocol proxyEnv rejectNonStandardBodyWrites requestTimeout requireHostHeader scheduling
  ServerResponse setDefaultHeaders setHost shouldUpgradeCallback socketPath uniqueHeaders
  allowPartialTrustChain ALPNCallback ALPNProtocols ca cert checkServerIdentity ciphers
  clientCertEngine crl dhparam ecdhCurve enableTrace handshakeTimeout honorCipherOrder isServer key
  maxCachedSessions maxVersion minDHSize minVersion passphrase pfx privateKeyEngine
  privateKeyIdentifier pskCallback pskIdentityHint rejectUnauthorized requestCert requestOCSP
  secureContext secureOptions secureProtocol server session sessionIdContext sessionTimeout sigalgs
  SNICallback ticketKeys
  Http1IncomingMessage Http1ServerResponse Http2ServerRequest Http2ServerResponse allowHTTP1
  enableConnectProtocol maxDeflateDynamicTableSize maxHeaderListPairs maxOutstandingPings
  maxSendHeaderBlockLength maxSessionInvalidFrames maxSessionMemory maxSessionRejectedStreams origins
  paddingStrategy peerMaxConcurrentStreams remoteCustomSettings settings unknownProtocolTimeout`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Options that too many others call something by. */
const TOO_COMMON = ['status', 'context', 'interval'];
const sctpNames = optionNames.filter((name) => !TOO_COMMON.includes(name));

/** Fields that are long enough to be nobody else's, with the option that they are in. */
const fields = new Map<string, string>(
  sctpNames.flatMap((option) => {
    const { fields: all, readOnly } = optionTable[option];
    if (readOnly || isKind(all)) return [];
    return Object.keys(all)
      .filter((name) => name.length >= 8 && !TOO_COMMON.includes(name))
      .map((name) => [name, option] as const);
  }),
);

/** A copy of the options of one call, with what they inherit. */
export function copyOfOptions(taker: OptionTaker, options: unknown): Record<string, unknown> {
  return copyOf(checkObject('options', options), [...takers[taker].names]);
}

/**
 * @param isHonoured whether what is in the wrong place is in the right one, too
 * @throws for a name of ours that would be ignored
 */
export function checkOptionNames(
  taker: OptionTaker,
  options: object,
  isHonoured: (name: string, value: unknown) => boolean = () => false,
): void {
  const { title, names } = takers[taker];
  let unknown = 0;
  const given = isPlain(options)
    ? (options as Record<string, unknown>)
    : copyOf(options, [...names]);
  for (const name of Object.keys(given)) {
    if (names.has(name) || foreign.has(name)) continue;
    const value = given[name];
    if (value === undefined) continue;
    const reason = unknown++ < MOST_COMPARED ? whyRefused(taker, name) : misplaced(taker, name);
    if (reason === undefined || isHonoured(name, value)) continue;
    throw invalidArgValue(`options.${name}`, value, `is not an option of ${title}${reason}`);
  }
}

/**
 * A checked copy of the options of one-to-many sockets, which nobody hands on from `net`: every
 * other name is refused.
 *
 * @param places where names belong that somebody might look for here
 */
export function checkStrictOptions(
  value: unknown,
  names: readonly string[],
  places: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const options = copyOf(checkObject('options', value), names);
  for (const [name, given] of Object.entries(options)) {
    if (names.includes(name)) continue;
    const place = Object.hasOwn(places, name) ? places[name] : strictPlaceOf(names, name);
    if (place === undefined) break; // checkNames says the rest
    throw invalidArgValue(`options.${name}`, given, `is not an option here: ${place}`);
  }
  checkNames('options', options, names);
  return options;
}

function strictPlaceOf(names: readonly string[], name: string): string | undefined {
  const isOption = (sctpNames as readonly string[]).includes(name) || fields.has(name);
  if (isOption) {
    const place = placeOf('connect', name);
    const isHere = names.includes('sctp');
    return isHere ? place : place?.replace('in sctp', 'in sctp of createEndpoint()');
  }
  const titles = Object.values(takers)
    .filter((taker) => taker.names.has(name))
    .map(({ title }) => title);
  if (titles.length === 0) return undefined;
  return `only ${titles.join(', ')} ${titles.length === 1 ? 'has' : 'have'} it`;
}

/** What is ours for sure, and what may be somebody else's own name. */
const known = new Map<string, string | undefined>();
const MOST_KNOWN = 1000;
/** The most of one object: with more, it is something else that was given, such as the bytes of a Buffer. */
const MOST_COMPARED = 64;

function whyRefused(taker: OptionTaker, name: string): string | undefined {
  const key = `${taker} ${name}`;
  if (!known.has(key)) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, reasonFor(taker, name));
  }
  return known.get(key);
}

function reasonFor(taker: OptionTaker, name: string): string | undefined {
  const exact = misplaced(taker, name);
  if (exact !== undefined) return exact;
  const own = [...takers[taker].names];
  const others = Object.values(takers).flatMap(({ names }) => [...names]);
  const near = [own, sctpNames, others]
    .map((list) => nearest(name, list))
    .find((one) => one !== undefined);
  if (near === undefined) return undefined;
  const where = own.includes(near) ? undefined : placeOf(taker, near);
  return ` (did you mean '${near}'?${where === undefined ? '' : ` ${where}`})`;
}

function misplaced(taker: OptionTaker, name: string): string | undefined {
  const place = placeOf(taker, name);
  return place === undefined ? undefined : `: ${place}`;
}

/** Where a name belongs. */
function placeOf(taker: OptionTaker, name: string): string | undefined {
  if ((sctpNames as readonly string[]).includes(name)) return sctpPlace(taker, name);
  const field = fields.get(name);
  if (field !== undefined) return sctpPlace(taker, `${field}: { ${name}`, ' }');
  const others = Object.entries(takers)
    .filter(([other, { names }]) => other !== taker && names.has(name))
    .map(([, { title }]) => title);
  if (others.length > 0) return `it belongs in ${others.join(', ')}`;
  return Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
}

function sctpPlace(taker: OptionTaker, name: string, end = ''): string {
  const where = taker === 'listen' ? ' of createServer()' : '';
  return `it belongs in sctp${where}, as sctp: { ${name}: …${end} }`;
}

/** A slip of the keyboard: others may have similar names of their own, so short ones count little. */
function isNear(given: string, name: string): boolean {
  const [one, other] = [plain(given), plain(name)];
  if (one === other) return true;
  if (name.length < 4 || given.length < 4) return false;
  if (isSwapped(one, other)) return true;
  const most = name.length >= 10 ? 2 : Number(name.length >= 6);
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

function nearest(given: string, names: readonly string[]): string | undefined {
  // Where two are as near, ours: what `net` has as well is better known.
  const edits = (name: string): number =>
    distance(plain(given), plain(name)) + (foreign.has(name) ? 0.5 : 0);
  return names
    .filter((name) => isNear(given, name))
    .sort((one, other) => edits(one) - edits(other))
    .at(0);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

function isSwapped(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const swapped = one.slice(0, at) + (one[at + 1] ?? '') + (one[at] ?? '') + one.slice(at + 2);
  return swapped === other;
}
