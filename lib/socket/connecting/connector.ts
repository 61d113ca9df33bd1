/** Opens a one-to-one socket and sets up an association on it. */
import { constants as os } from 'node:os';
import { isIPv4 } from 'node:net';

import type { NativeStreamSocket } from '../../../types/native';
import type { SctpOptions } from '../../../types/options';
import { bindMore } from '../../bind';
import { addressHint, bindHint } from '../../address-hint';
import { newStreamSocket } from '../../engine/choice';
import { NO_FREE_PORT, portHint } from '../../port-hint';
import { connectError, errnoName, socketError, systemError } from '../../errors';
import { earlyNumbers } from '../../notifications/choice';
import { isCommon } from '../../options/common';
import { checkLocalHosts } from '../../options/sctp-options';
import { setWindow } from '../../options/receive-window';
import { RepeatedOptions } from '../../options/repeated-options';
import type { ConnectConfig } from './connect-arguments';
import type { SocketConfig } from '../config';

const { EADDRNOTAVAIL, EINPROGRESS } = os.errno;

/** The addresses of the two ends. */
interface Ends {
  /** The peer's; the first is tried first. */
  readonly addresses: readonly string[];
  /** What to bind, if anything. */
  readonly localHosts: readonly string[];
}

/**
 * @returns a socket whose notifications will report the outcome
 * @throws what the kernel refuses; nothing stays open then
 */
export function beginAssociation(
  { addresses, localHosts }: Ends,
  { port, localPort }: ConnectConfig,
  socketConfig: SocketConfig,
): NativeStreamSocket {
  const { maxMessageSize, notifications, sctp } = socketConfig;
  checkLocalHosts('options.sctp', sctp, localHosts);
  const socket = newStreamSocket(socketConfig, maxMessageSize);
  const family = areIPv4(addresses) && areIPv4(localHosts) ? 4 : 6;
  const opened = socket.open(family);
  if (opened < 0) throw socketError(opened);
  try {
    const options = optionsFor(family, sctp);
    options.apply(socket);
    setWindow(socket, socketConfig);
    if (localHosts.length > 0 || localPort > 0 || options.needsBinding) {
      bindLocally(socket, localHosts, localPort, family); // else the kernel does, as it connects
    }
    options.applyBound(socket);
    // Now: on the loopback the association can be up before `connect` returns.
    socket.subscribe(earlyNumbers(notifications), true);
    const peer: (string | number)[] = [];
    for (const host of addresses) peer.push(host, port);
    const result = socket.connect(peer);
    if (result < 0 && result !== -EINPROGRESS) {
      const isInvalid = errnoName(result) === 'EINVAL';
      const culprit = isInvalid ? addresses.find((address) => addressHint(address)) : undefined;
      const first = culprit ?? addresses[0] ?? '';
      // The kernel's EAGAIN would mean "try again"; `net` has EADDRNOTAVAIL for it.
      const hasNoPort = errnoName(result) === 'EAGAIN';
      const hint = hasNoPort ? NO_FREE_PORT : isInvalid ? addressHint(first) : '';
      const local = {
        ...(localHosts[0] !== undefined && { address: localHosts[0] }),
        port: localPort,
      };
      throw connectError(
        hasNoPort ? -EADDRNOTAVAIL : result,
        { address: first, port },
        local,
        hint,
      );
    }
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

function areIPv4(hosts: readonly string[]): boolean {
  return hosts.every((host) => isIPv4(host));
}

/** By options that sockets have in common, which are frozen. */
const common = {
  4: new WeakMap<SctpOptions, RepeatedOptions>(),
  6: new WeakMap<SctpOptions, RepeatedOptions>(),
};

function optionsFor(family: 4 | 6, sctp: SctpOptions): RepeatedOptions {
  const known = common[family].get(sctp);
  if (known) return known;
  const all = { reuseAddr: true, ...(family === 6 && { v6Only: false }), ...sctp };
  const options = new RepeatedOptions(all);
  if (isCommon(sctp)) common[family].set(sctp, options);
  return options;
}

function bindLocally(
  socket: NativeStreamSocket,
  localHosts: readonly string[],
  port: number,
  family: 4 | 6,
): void {
  const [first = family === 6 ? '::' : '0.0.0.0', ...more] = localHosts;
  const bound = socket.bind(first, port);
  const refusal = bound < 0 ? { errno: bound, host: first } : bindMore(socket, more);
  if (refusal) {
    const { errno, host } = refusal;
    const hint = portHint(errno, port) || bindHint(errno, host, localHosts);
    throw systemError('bind', errno, { address: host, port }, hint);
  }
}
