/** What the kernel refuses, worded as Node words it. */
import { getSystemErrorMap } from 'node:util';

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

/** As Node: a port 0, which the kernel was to choose, is no place. */
export function placeText({ address, port }: Place): string {
  if (address === undefined) return '';
  return port ? ` ${address}:${String(port)}` : ` ${address}`;
}

function placeFields({ address, port }: Place): Place {
  return { ...(address !== undefined && { address }), ...(port && { port }) };
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
  return Object.assign(new Error(message), { errno, code, syscall, ...placeFields(place) });
}

/** As `net` words it, with our own end where the caller has chosen it. */
export function connectError(
  errno: number,
  place: Place,
  local: Place,
  hint = '',
): NodeJS.ErrnoException & Place {
  const { address, port } = local;
  if (address === undefined || !port) return systemError('connect', errno, place, hint);
  const error = systemError('connect', errno, place);
  error.message += ` - Local (${address}:${String(port)})${hint && `: ${hint}`}`;
  return Object.assign(error, { localAddress: address, localPort: port });
}

/** As `net` words it for servers: `listen EADDRINUSE: address already in use :::3868`. */
export function listenError(
  errno: number,
  place: Place,
  hint: string,
): NodeJS.ErrnoException & Place {
  const code = errnoName(errno);
  const message = `listen ${code}: ${errnoText(errno)}${placeText(place)}${hint && `: ${hint}`}`;
  return Object.assign(new Error(message), {
    code,
    errno,
    syscall: 'listen',
    ...placeFields(place),
  });
}

/** `connection refused (ECONNREFUSED)`, for a sentence. */
export function describeErrno(errno: number): string {
  return `${errnoText(errno)} (${errnoName(errno)})`;
}
