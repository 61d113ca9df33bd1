/** Why the kernel has refused one message, and what to do. */
import {
  errnoName,
  messageNotToBeSplit,
  messageTooLarge,
  type Place,
  systemError,
} from '../errors';
import type { CheckedSocketInfo } from '../messages/info';

export interface RefusedMessage {
  readonly errno: number;
  /** What the user has called. */
  readonly syscall: 'write' | 'send';
  readonly length: number;
  /** Where it was to go, if the message itself says so. */
  readonly place: Place;
  /** What the kernel takes at most, in bytes. */
  readonly longestMessage: number;
  /** What else may help against a message that is too long. */
  readonly remedy: string;
  /** What may be invalid about it: see `suspects`. */
  readonly suspects: readonly string[];
}

export function sendError(refused: RefusedMessage): Error {
  const { errno, syscall, length, place, longestMessage, remedy, suspects } = refused;
  switch (errnoName(errno)) {
    case 'EMSGSIZE':
      return length > longestMessage
        ? messageTooLarge(length, longestMessage, place, remedy)
        : messageNotToBeSplit(length, place);
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return systemError(syscall, errno, place, length === 0 ? DETACHED : suspects.join('; or '));
    default:
      return systemError(syscall, errno, place, length === 0 ? DETACHED : '');
  }
}

const DETACHED = 'its memory was detached (transferred to another thread?) before it could be sent';

/**
 * What the kernel may find invalid about a message that has passed our checks.
 * @param streamsOption what its user sets to get more streams
 */
export function suspects(
  { address, authKeyNumber, sid }: CheckedSocketInfo,
  streamsOption: string,
): string[] {
  const found: string[] = [];
  if (address !== undefined) {
    found.push(`${address} may not be an address of the peer (remoteAddresses has those)`);
  }
  if (authKeyNumber !== undefined) {
    found.push(
      `there may be no key ${String(authKeyNumber)} (option authKey), or it is deactivated`,
    );
  }
  if (sid !== undefined) {
    found.push(`stream ${String(sid)} may be beyond those negotiated (${streamsOption})`);
  }
  return found;
}
