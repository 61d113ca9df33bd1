/** Options that `net` has methods for: set now, or with the association to come. */
import type { SocketCore } from './core';
import { type KeepAlive, withKeepAlive } from './keep-alive';
import { dscpOf } from './short-options';

export function setNoDelay(core: SocketCore, noDelay: unknown = true): void {
  const value = Boolean(noDelay); // as `net`, whatever it is
  core.change({ noDelay: value });
  const { association } = core;
  if (association?.isClosed === false) association.options.set('noDelay', value);
}

export function setKeepAlive(core: SocketCore, wanted: KeepAlive): void {
  const { socket, upAssociation } = core;
  if (upAssociation) {
    upAssociation.options.set('peerAddrParams', withKeepAlive({}, wanted));
  } else if (core.association && core.isConnecting) {
    socket.once('connect', () => {
      setKeepAlive(core, wanted);
    });
  } else {
    const given = core.config.sctp.peerAddrParams ?? {};
    core.change({ peerAddrParams: withKeepAlive(given, wanted) });
  }
}

export function setTypeOfService(core: SocketCore, tos: unknown): void {
  const dscp = dscpOf('tos', tos);
  const { socket, upAssociation } = core;
  const isNew = dscp !== (core.config.sctp.dscp ?? 0);
  if (isNew) core.change({ dscp });
  if (upAssociation) {
    upAssociation.options.set('dscp', dscp);
  } else if (isNew && core.association && core.isConnecting) {
    socket.once('connect', () => {
      core.upAssociation?.options.set('dscp', core.config.sctp.dscp ?? 0);
    });
  }
}

export function getTypeOfService({ upAssociation, config }: SocketCore): number {
  return (upAssociation?.options.get('dscp') ?? config.sctp.dscp ?? 0) << 2;
}
