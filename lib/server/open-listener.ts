/** Opens the socket that a server listens with. */
import { isIP } from 'node:net';

import { isIPv6Address } from '../addresses/family';
import type { NativeStreamSocket } from '../../types/native';
import { addressesOf } from '../addresses/interfaces';
import { bindAndListen, type SystemErrorMaker } from '../bind';
import { newStreamSocket } from '../engine/choice';
import { knownPort } from '../engine/udp-ports';
import { ENCAPSULATION_PORT } from '../engine/user-options';
import { errnoName, listenError, type Place } from '../errors';
import { earlyNumbers } from '../notifications/choice';
import { setWindow } from '../options/receive-window';
import { wipeSecrets } from '../options/secret';
import type { SocketConfig } from '../socket/config';
import { type Family, withoutScope } from '../validate';
import type { ListenConfig } from './listen-arguments';

/** Whether there is nothing to look up. Node's isIP does not know every scope. */
export function isAddress(host: string): boolean {
  return isIP(withoutScope(host)) !== 0;
}

/**
 * @param host an address, or nothing for all
 * @throws an error that says why the kernel refuses
 */
export function openListener(
  config: ListenConfig,
  host: string | undefined,
  socketConfig: SocketConfig,
): NativeStreamSocket {
  const { engine, maxMessageSize, notifications, sctp, udpPort } = socketConfig;
  const native = newStreamSocket(socketConfig, maxMessageSize);
  const onOpened = (): void => {
    // Now, since it misses what is accepted before.
    native.subscribe(earlyNumbers(notifications), true);
    setWindow(native, socketConfig);
  };
  try {
    const options = {
      reuseAddr: true,
      v6Only: config.ipv6Only,
      ...sctp,
      reusePort: config.reusePort,
    };
    const [first = host, ...others] = addressesOf(config.interfaces, 'listen');
    const moreHosts = [...config.moreHosts, ...others];
    const hosts = hostsOf(first, moreHosts, config.ipv6Only);
    const place = { ...config, hosts, moreHosts, sctp: options, onOpened };
    bindAndListen(native, place, engine === 'user' ? userListenErrorOf(udpPort) : listenErrorOf);
    wipeSecrets(sctp); // what is accepted inherits the kernel's
    return native;
  } catch (error) {
    native.close();
    throw error;
  }
}

/** As `net`: without a host every address, IPv6 and IPv4. */
function hostsOf(
  host: string | undefined,
  moreHosts: readonly string[],
  ipv6Only: boolean,
): { host: string; family: Family }[] {
  if (host !== undefined) {
    // An IPv6 socket takes IPv4 addresses as well, and not the other way round.
    return [{ host, family: [host, ...moreHosts].some(isIPv6Address) ? 6 : 4 }];
  }
  const every = { host: '::', family: 6 } as const;
  return ipv6Only ? [every] : [every, { host: '0.0.0.0', family: 4 }];
}

/** A listener of the engine in user space, whose SCTP ports are this thread's own: another may have the UDP port. */
function userListenErrorOf(udpPort = ENCAPSULATION_PORT): SystemErrorMaker {
  return (_syscall, errno, place, hint) => {
    const isSctpPort = knownPort(udpPort) !== undefined;
    if (errnoName(errno) !== 'EADDRINUSE' || isSctpPort) return listenError(errno, place, hint);
    const taken =
      `UDP port ${String(udpPort)} is taken by another process or worker: choose another for ` +
      `this one, udpPort: ${String(udpPort + 1)}`;
    return listenError(errno, place, taken);
  };
}

function listenErrorOf(_syscall: string, errno: number, place: Place, hint: string): Error {
  return listenError(errno, place, hint);
}
