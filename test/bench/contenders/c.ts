/** The plainest program. */
import { referenceContender } from './contender';

export const c = referenceContender('c', 'sendmsg, recvmsg', 'c', ['one-way', 'round-trip']);
