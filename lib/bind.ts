/** Opens a listening socket on the first address that this machine has. */
import type { NativeSocket } from '../types/native';
import type { SctpOptions } from '../types/options';
import { addressHint } from './address-hint';
import { errnoName, type Place, socketError } from './errors';
import { applyOptions, checkLocalHosts } from './options/bags';
import type { Family } from './validate';

export interface BindConfig {
  /** Tried in this order. */
  hosts: readonly { host: string; family: Family }[];
  /** Bound along with the host, and of the same port. */
  moreHosts?: readonly string[];
  port: number;
  backlog: number;
  /** Called with the socket open and its options set, before it is bound. */
  onOpened?: () => void;
  sctp: SctpOptions;
}

type SystemErrorMaker = (
  syscall: 'bind' | 'listen',
  errno: number,
  place: Place,
  hint: string,
) => Error;

interface Failure {
  errno: number;
  error: Error;
}

/** What another host may not meet, or (EACCES) what `net` tells of the last it has tried. */
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

/** Binds further hosts on the port that a socket has by now. @returns 0 or negative errno */
export function bindMore(socket: NativeSocket, hosts: readonly string[]): number {
  if (hosts.length === 0) return 0;
  const port = socket.localAddress()?.port ?? 0;
  return socket.bindMore(hosts.flatMap((host) => [host, port]));
}

/** What is thrown leaves nothing open. */
function closingOnError<Result>(socket: NativeSocket, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Returns what a next host may mend, and throws what it cannot. */
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
  // As in Node's errors, the port is not told where the kernel was to choose it.
  const chosen = port > 0 ? { port } : {};
  const place = { address: host, ...chosen };
  const failure = (syscall: 'bind' | 'listen', errno: number, where: Place): Failure => {
    const hint = errnoName(errno) === 'EINVAL' ? addressHint(host) : '';
    return { errno, error: toError(syscall, errno, where, hint) };
  };
  const bound = socket.bind(host, port);
  if (bound < 0) return failure('bind', bound, place);
  const more = bindMore(socket, moreHosts);
  if (more < 0) throw failure('bind', more, { address: moreHosts.join(', '), ...chosen }).error;
  applyOptions(socket, sctp, 'bound');
  const listening = socket.listen(backlog);
  if (listening < 0) return failure('listen', listening, place);
  return undefined;
}
