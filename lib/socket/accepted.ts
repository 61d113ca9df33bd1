/** What a Server, or an Endpoint, hands to the Socket that it makes of an association. */
import type { Link } from '../association/link';
import type { SocketConfig } from './config';

/** The option of Socket that has it; nobody else can give it. */
export const kAccepted = Symbol('accepted');

export interface Accepted {
  link: Link;
  config: SocketConfig;
  /** Nothing is received until somebody reads. */
  isPaused?: boolean;
  /** An endpoint has had it before. */
  isPeeledOff?: boolean;
  /** No listener, which users could remove. */
  onOver: () => void;
}
