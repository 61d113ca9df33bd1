/** From an association of an endpoint to a Socket. */
import type { SocketOptions } from '../../types/socket';
import { emitUnsent } from '../association/losses';
import { unknownPeer } from '../batch';
import { associationEnding, systemError } from '../errors';
import { earlyNumbers } from '../notifications/choice';
import { type SocketConfig, socketConfig } from '../socket/config';
import { type Accepted, kAccepted } from '../socket/accepted';
import { Socket } from '../socket/socket';
import type { AssociationCore } from './association-core';
import type { UnsentMessage } from './outgoing';

export function peelOff(core: AssociationCore): Socket {
  const { link } = core;
  const { openAssociation: association } = core;
  if (!core.sends.canSend) throw associationEnding();
  if (!link.isPeeledOff) {
    const errno = link.moveOut();
    if (errno < 0) throw systemError('peelOff', errno);
  }
  association.setReading(false);
  link.makeExclusive();
  const unsent = core.outgoing.takeAll();
  const unread = core.detach();
  const config = socketConfigOf(core);
  // As for any new socket, until its user has had the chance to add listeners.
  link.subscribe(earlyNumbers(config.notifications), true);
  const accepted: Accepted = { link, config, isPeeledOff: true, onOver: () => undefined };
  const socket = new Socket({ [kAccepted]: accepted } as SocketOptions);
  const peer = link.peerAddress() ?? unknownPeer;
  for (const { data, info } of unread) link.onMessage(data, info, peer);
  for (const message of unsent) sendOver(socket, message);
  return socket;
}

function sendOver(socket: Socket, { data, info, callback }: UnsentMessage): void {
  try {
    socket.send(data, info ?? {}, callback);
  } catch (error) {
    // Its memory was detached since it was given to us.
    process.nextTick(() => {
      callback?.(error as Error);
      emitUnsent(socket, data, info, error as Error);
    });
  }
}

/** What the endpoint was made with, as far as sockets have it. */
function socketConfigOf({ config }: Pick<AssociationCore, 'config'>): SocketConfig {
  const { maxMessageSize, closeTimeout, stallTimeout, stallAction, notifications, sctp } = config;
  const given = { maxMessageSize, closeTimeout, stallTimeout, stallAction };
  return { ...socketConfig(given), notifications, sctp };
}
