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

export function placeText({ address, port }: Place): string {
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
