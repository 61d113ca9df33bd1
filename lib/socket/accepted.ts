/** What a Server hands to the Socket that it makes of an association it has accepted. */
import type { NativeStreamSocket } from '../../types/native';
import type { SocketConfig } from './config';

/** The option of Socket that has it; nobody else can give it. */
export const kAccepted = Symbol('accepted');

export interface Accepted {
  native: NativeStreamSocket;
  config: SocketConfig;
  /** Nothing is received until somebody reads. */
  isPaused: boolean;
  /** No listener, which users could remove. */
  onOver: () => void;
}
