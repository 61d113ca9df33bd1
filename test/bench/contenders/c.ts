/** The plainest program. */
import { oneToOne, referenceContender } from './contender';

const description = 'C: sendmsg, recvmsg';

export const c = referenceContender('c', description, 'c', ['one-way', 'round-trip']);

export const cOneToOne = oneToOne(
  referenceContender('c', description, 'c', ['one-way', 'round-trip', 'connections']),
);
