/** Opens and binds a one-to-many socket, with the window that its associations are to have. */
import type { NativeSeqpacketSocket } from '../../types/native';
import { type BindConfig, bindAndListen } from '../bind';
import { systemError } from '../errors';
import type { Family } from '../validate';
import { ReceiveBuffer } from './receive-buffer';

export interface BoundSocket {
  readonly socket: NativeSeqpacketSocket;
  readonly family: Family;
  readonly receiveBuffer: ReceiveBuffer;
}

/** @throws what the kernel refuses; nothing stays open then */
export function bindShared(socket: NativeSeqpacketSocket, config: BindConfig): BoundSocket {
  let receiveBuffer: ReceiveBuffer | undefined;
  const onOpened = (): void => {
    receiveBuffer = new ReceiveBuffer(socket);
    config.onOpened?.();
  };
  const family = bindAndListen(socket, { ...config, onOpened }, systemError);
  return { socket, family, receiveBuffer: receiveBuffer as unknown as ReceiveBuffer };
}
