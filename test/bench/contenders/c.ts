/** The plainest program. */
import { oneToOne, referenceContender } from './contender';

const description = 'sendmsg, recvmsg';

export const c = referenceContender('c', description, 'c', ['one-way', 'round-trip']);

export const cOneToOne = oneToOne(c);
