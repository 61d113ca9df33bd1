/** The fastest program. */
import { oneToOne, referenceContender } from './contender';

export const cBursts = referenceContender(
  'c-bursts',
  'sendmmsg of 32 with MSG_MORE, recvmmsg',
  'c_bursts',
  ['one-way'],
);

export const cBurstsOneToOne = oneToOne(cBursts);
