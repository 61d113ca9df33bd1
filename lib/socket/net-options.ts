/** Options that `net` has methods for: set now, or with the association that is yet to be made. */
import type { SocketCore } from './core';
import { type KeepAlive, withKeepAlive } from './keep-alive';
import { dscpOf } from './short-options';

export function setNoDelay(core: SocketCore, noDelay: unknown = true): void {
  const value = Boolean(noDelay); // as `net`, whatever it is
  core.config.sctp.noDelay = value;
  const { association } = core;
  if (association?.life.isClosed === false) association.setOption('noDelay', value);
}

export function setKeepAlive(core: SocketCore, wanted: KeepAlive): void {
  const { socket, config, upAssociation } = core;
  if (upAssociation) {
    upAssociation.setOption('peerAddrParams', withKeepAlive({}, wanted));
  } else if (core.association && core.isConnecting) {
    socket.once('connect', () => {
      setKeepAlive(core, wanted);
    });
  } else {
    config.sctp.peerAddrParams = withKeepAlive(config.sctp.peerAddrParams ?? {}, wanted);
  }
}

export function setTypeOfService(core: SocketCore, tos: unknown): void {
  const dscp = dscpOf('tos', tos);
  const { socket, config, upAssociation } = core;
  const isNew = dscp !== (config.sctp.dscp ?? 0);
  if (isNew) config.sctp.dscp = dscp;
  if (upAssociation) {
    upAssociation.setOption('dscp', dscp);
  } else if (isNew && core.association && core.isConnecting) {
    socket.once('connect', () => {
      core.upAssociation?.setOption('dscp', config.sctp.dscp ?? 0);
    });
  }
}

export function getTypeOfService({ upAssociation, config }: SocketCore): number {
  return (upAssociation?.options.get('dscp') ?? config.sctp.dscp ?? 0) << 2;
}
