/** A program that waits as an event loop does. */
import { oneToOne, referenceContender } from './contender';

export const cEpoll = oneToOne(
  referenceContender('c-epoll', 'C: epoll, sendmsg, recvmsg', 'c_epoll', ['round-trip']),
  'c-epoll',
);
