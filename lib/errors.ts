/** Errors: Node's own codes for bad arguments, Node's shape for system errors, and ours. */
import { constants as os } from 'node:os';
import { getSystemErrorMap, inspect, type InspectOptions } from 'node:util';

export type Coded<E extends Error = Error> = E & { code: string };

/** An error with Node's `code`, which also stands in its stack as it does in Node's own errors. */
function withCode<E extends Error>(error: E, code: string, fields: object = {}): Coded<E> {
  const { name, stack = '' } = error;
  error.stack = stack.replace(name, `${name} [${code}]`);
  return Object.assign(error, { code }, fields);
}

// --- Bad arguments: Node's codes and wording ---

/** Some values throw when they are looked at: views on detached memory, proxies. */
function show(value: unknown, options: InspectOptions = {}): string {
  try {
    return inspect(value, options);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** Of a function; nothing if it has none that can be shown. */
function nameOf(value: unknown): string | undefined {
  try {
    const name = (value as { name?: unknown } | undefined)?.name;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function className(value: object): string | undefined {
  try {
    return nameOf(value.constructor);
  } catch {
    return undefined;
  }
}

/** How Node describes a value of the wrong type. */
function received(value: unknown): string {
  if (value === null || value === undefined) return `Received ${String(value)}`;
  if (typeof value === 'function') return `Received function ${nameOf(value) ?? ''}`;
  if (typeof value === 'object') {
    const name = className(value);
    return name ? `Received an instance of ${name}` : `Received ${show(value, { depth: -1 })}`;
  }
  const text = inspect(value, { colors: false });
  return `Received type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** `options.port` is a property, `port` an argument. */
function subject(name: string): string {
  return `"${name}" ${name.includes('.') ? 'property' : 'argument'}`;
}

export function invalidArgType(name: string, expected: string, value: unknown): Coded<TypeError> {
  const message = `The ${subject(name)} must be ${expected}. ${received(value)}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

export function invalidArgValue(name: string, value: unknown, reason: string): Coded<TypeError> {
  const kind = name.includes('.') ? 'property' : 'argument';
  const message = `The ${kind} '${name}' ${reason}. Received ${show(value, { depth: 1 })}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

export function outOfRange(name: string, range: string, value: unknown): Coded<RangeError> {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${show(value)}`;
  return withCode(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

export function badPort(name: string, value: unknown, allowZero: boolean): Coded<RangeError> {
  const range = `>${allowZero ? '=' : ''} 0 and < 65536`;
  const message = `${name} should be ${range}. ${received(value)}.`;
  return withCode(new RangeError(message), 'ERR_SOCKET_BAD_PORT');
}

export function invalidIpAddress(value: string): Coded<TypeError> {
  const message = `Invalid IP address: ${value}`;
  return withCode(new TypeError(message), 'ERR_INVALID_IP_ADDRESS');
}

export function handleClosed(): Error {
  // dgram's code and words for the same mistake.
  return withCode(new Error('Not running'), 'ERR_SOCKET_DGRAM_NOT_RUNNING');
}

// --- What the kernel refuses ---

/** `ECONNREFUSED` and its kin, for a negative errno. */
export function errnoName(errno: number): string {
  return getSystemErrorMap().get(errno)?.[0] ?? `errno ${String(-errno)}`;
}

function errnoText(errno: number): string {
  return getSystemErrorMap().get(errno)?.[1] ?? 'unknown error';
}

export interface Place {
  address?: string;
  port?: number;
}

function placeText({ address, port }: Place): string {
  if (address === undefined) return '';
  return port === undefined ? ` ${address}` : ` ${address}:${String(port)}`;
}

/** As Node's: `bind EADDRINUSE 127.0.0.1:3868`, with errno, code, syscall, address and port. */
export function systemError(
  syscall: string,
  errno: number,
  place: Place = {},
  hint = '',
): NodeJS.ErrnoException & Place {
  const code = errnoName(errno);
  const message = `${syscall} ${code}${placeText(place)}${hint && `: ${hint}`}`;
  return Object.assign(new Error(message), { errno, code, syscall, ...place });
}

/** As `net` words it for servers: `listen EADDRINUSE: address already in use :::3868`. */
export function listenError(
  errno: number,
  place: Place,
  hint: string,
): NodeJS.ErrnoException & Place {
  const code = errnoName(errno);
  const message = `listen ${code}: ${errnoText(errno)}${placeText(place)}${hint && `: ${hint}`}`;
  return Object.assign(new Error(message), { code, errno, syscall: 'listen', ...place });
}

/** `connection refused (ECONNREFUSED)`, for a sentence. */
export function describeErrno(errno: number): string {
  return `${errnoText(errno)} (${errnoName(errno)})`;
}

// --- Ours ---

export const notSupportedRemedy = [
  'load the module: modprobe sctp (as root)',
  'if that is refused, look for "install sctp /bin/true" or "blacklist sctp" in /etc/modprobe.d',
  'if there is no such module: Fedora and RHEL have it in kernel-modules-extra',
  'WSL2, Docker Desktop and most CI containers run kernels without SCTP: use a virtual machine',
];

/** The kernel has no SCTP. EPROTONOSUPPORT and ESOCKTNOSUPPORT mean the same here. */
export function notSupported(errno: number): Error {
  const message = [
    `This kernel has no SCTP: socket() failed with ${errnoName(errno)}. What to do:`,
    ...notSupportedRemedy.map((line) => `  - ${line}`),
  ].join('\n');
  const fields = { errno, syscall: 'socket' };
  return withCode(new Error(message), 'ERR_SCTP_NOT_SUPPORTED', fields);
}

const protocolMissing = new Set(['EPROTONOSUPPORT', 'ESOCKTNOSUPPORT']);

export function isNotSupported(errno: number): boolean {
  return protocolMissing.has(errnoName(errno));
}

/** The error for a failed socket(). */
export function socketError(errno: number): Error {
  if (isNotSupported(errno)) return notSupported(errno);
  if (errnoName(errno) === 'ENOPROTOOPT') {
    return systemError('setsockopt', errno, {}, 'kernel-sctp needs Linux 5.0 or later');
  }
  return systemError('socket', errno);
}

export function messageTooLarge(size: number, limit: number, place: Place, hint = ''): Error {
  const message =
    `send${placeText(place)}: a message of ${String(size)} bytes is longer than the send buffer ` +
    `(${String(limit)} bytes), the most the kernel takes at once. Raise the option sndBuf (above ` +
    `net.core.wmem_max it needs CAP_NET_ADMIN) or send shorter messages${hint}`;
  return withCode(new Error(message), 'ERR_SCTP_MESSAGE_TOO_LARGE', { size, limit, ...place });
}

/** What an undelivered message was, beside its bytes. */
export interface FailedMessage {
  data: Buffer;
  sid: number;
  ppid: number;
  context: number;
  unordered: boolean;
  /** It was on the wire: whether it has arrived is unknown. */
  sent: boolean;
}

/** A message that was accepted and is not, or not surely, delivered. It goes with the error. */
export function sendFailed(message: FailedMessage, why: string, cause?: Error): Error {
  const { data, sid, ppid, context, sent } = message;
  const whether = sent
    ? 'was sent but not acknowledged; it may or may not have arrived'
    : 'was never sent, or not to its end';
  const text =
    `message of ${String(data.length)} bytes not delivered: it ${whether}${why && ` (${why})`} ` +
    `[sid ${String(sid)}, ppid ${String(ppid)}, context ${String(context)}]`;
  const error = cause === undefined ? new Error(text) : new Error(text, { cause });
  return withCode(error, 'ERR_SCTP_SEND_FAILED', message);
}

/** Of a Socket that cannot send any more because of its peer. */
export function writeAfterPeerEnded(): NodeJS.ErrnoException {
  const hint =
    'the peer has ended the association, and SCTP has no half-open state: answer before the ' +
    'peer ends';
  return systemError('write', -os.errno.EPIPE, {}, hint);
}

export function connectTimeout(timeout: number, place: Place): Error {
  const message = `connect${placeText(place)}: no answer within connectTimeout (${String(timeout)} ms)`;
  const fields = { syscall: 'connect', timeout, ...place };
  return withCode(new Error(message), 'ERR_SCTP_CONNECT_TIMEOUT', fields);
}

/** The kernel would set it for associations to come, and not for the one under way. */
export function connectingOption(option: string): Error {
  const message =
    `cannot set ${option} while connecting: give it to the constructor or connect() as ` +
    `sctp.${option}, or set it after 'connect'`;
  return withCode(new Error(message), 'ERR_SCTP_OPTION', { option });
}

export function closeTimeout(timeout: number): Error {
  const message =
    `the peer has neither acknowledged everything nor ended the association within closeTimeout ` +
    `(${String(timeout)} ms without progress): it was aborted, and messages may be lost`;
  return withCode(new Error(message), 'ERR_SCTP_CLOSE_TIMEOUT', { timeout });
}

/** A peer's message is longer than this side allows: what follows it would make no sense. */
export function receivedTooLong(limit: number): Error {
  const message =
    `the peer sent a message longer than maxMessageSize (${String(limit)} bytes): the ` +
    'association was aborted';
  return withCode(new Error(message), 'ERR_SCTP_MESSAGE_TOO_LARGE', { limit });
}

export function socketClosed(): Error {
  return withCode(new Error('Socket is closed'), 'ERR_SOCKET_CLOSED');
}

export function missingArgs(...names: string[]): Error {
  const list = names.map((name) => `"${name}"`).join(' or ');
  return withCode(new TypeError(`The ${list} argument must be specified`), 'ERR_MISSING_ARGS');
}

export function serverNotRunning(): Error {
  return withCode(new Error('Server is not running.'), 'ERR_SERVER_NOT_RUNNING');
}

export function serverAlreadyListening(): Error {
  const message = 'Listen method has been called more than once without closing.';
  return withCode(new Error(message), 'ERR_SERVER_ALREADY_LISTEN');
}

export function sendBufferFull(size: number, queued: number, limit: number, place: Place): Error {
  const message =
    `send${placeText(place)}: ${String(queued)} bytes wait for the kernel already; another ` +
    `${String(size)} would exceed sendBufferLimit (${String(limit)}). Nothing of this message was ` +
    'taken: send it again later, or raise sendBufferLimit';
  return withCode(new Error(message), 'ERR_SCTP_SEND_BUFFER_FULL', {
    size,
    queued,
    limit,
    ...place,
  });
}

/** The kernel refused an option's value, which had passed our own checks. */
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
