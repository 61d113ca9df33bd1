/** Opens a socket, as a rule a listening one, on the first address that this machine has. */
import type { NativeSocket } from '../types/native';
import type { SctpOptions } from '../types/options';
import { bindHint } from './address-hint';
import { errnoName, listenHint, type Place, socketError } from './errors';
import { portHint } from './port-hint';
import { applyOptions } from './options/apply-options';
import { checkLocalHosts } from './options/sctp-options';
import type { Family } from './validate';

export interface BindConfig {
  /** Tried in this order. */
  hosts: readonly { host: string; family: Family }[];
  /** Bound along with the host, and of the same port. */
  moreHosts?: readonly string[];
  port: number;
  /** 0 does not listen. */
  backlog: number;
  /** Called with the socket open and its options set, before it is bound. */
  onOpened?: () => void;
  sctp: SctpOptions;
}

export type SystemErrorMaker = (
  syscall: 'bind' | 'listen',
  errno: number,
  place: Place,
  hint: string,
) => Error;

interface Failure {
  errno: number;
  error: Error;
}

/**
 * Failures that the next host may not have, or (EACCES) that `net` reports only for the last one.
 */
const OF_THIS_HOST: readonly string[] = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EACCES'];

/** @returns the family of the address that was bound */
export function bindAndListen(
  socket: NativeSocket,
  config: BindConfig,
  toError: SystemErrorMaker,
): Family {
  const hosts = [...config.hosts.map(({ host }) => host), ...(config.moreHosts ?? [])];
  checkLocalHosts('options.sctp', config.sctp, hosts);
  const last = config.hosts.length - 1;
  for (const [index, { host, family }] of config.hosts.entries()) {
    const failure = closingOnError(socket, () => tryHost(socket, config, host, family, toError));
    if (failure === undefined) return family;
    socket.close();
    if (index === last || !OF_THIS_HOST.includes(errnoName(failure.errno))) throw failure.error;
  }
  /* v8 ignore next -- config.hosts is never empty */
  throw new Error('no host to bind');
}

export interface Refusal {
  errno: number;
  host: string;
}

/** Binds further hosts on the port that a socket has by now. @returns the first that was refused */
export function bindMore(socket: NativeSocket, hosts: readonly string[]): Refusal | undefined {
  for (const host of hosts) {
    const errno = socket.bindMore([host, socket.localAddress()?.port ?? 0]);
    if (errno < 0) return { errno, host };
  }
  return undefined;
}

/** Closes the socket if `work` throws. */
function closingOnError<Result>(socket: NativeSocket, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Returns failures worth retrying on the next host; throws the rest. */
function tryHost(
  socket: NativeSocket,
  { port, backlog, sctp, onOpened, moreHosts = [] }: BindConfig,
  host: string,
  family: Family,
  toError: SystemErrorMaker,
): Failure | undefined {
  const opened = socket.open(family);
  if (opened < 0) return { errno: opened, error: socketError(opened) };
  const { v6Only, ...others } = sctp;
  applyOptions(socket, family === 6 && v6Only !== undefined ? { ...others, v6Only } : others);
  onOpened?.();
  // As in Node's errors, without the port where the kernel was to choose it.
  const chosen = port > 0 ? { port } : {};
  const failure = (syscall: 'bind' | 'listen', errno: number, address = host): Failure => {
    const hint =
      (syscall === 'listen' && listenHint(errno)) ||
      portHint(errno, port) ||
      bindHint(errno, address, [host, ...moreHosts]);
    return { errno, error: toError(syscall, errno, { address, ...chosen }, hint) };
  };
  const bound = socket.bind(host, port);
  if (bound < 0) return failure('bind', bound);
  const refusal = bindMore(socket, moreHosts);
  if (refusal) throw failure('bind', refusal.errno, refusal.host).error;
  applyOptions(socket, sctp, 'bound');
  if (backlog === 0) return undefined;
  const listening = socket.listen(backlog);
  if (listening < 0) return failure('listen', listening);
  return undefined;
}
