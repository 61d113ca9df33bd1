/** The fastest program: the limit of what the kernel gives. */
import { oneToOne, referenceContender } from './contender';

export const cBursts = referenceContender(
  'c-bursts',
  'C: sendmmsg of 32 with MSG_MORE, recvmmsg',
  'c_bursts',
  ['one-way'],
);

export const cBurstsOneToOne = oneToOne(cBursts);
