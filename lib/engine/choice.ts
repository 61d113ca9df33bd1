/** Which SCTP a socket runs on: the kernel's, unless its user says otherwise. */
import type { NativeStreamSocket } from '../../types/native';
import type { EngineName } from '../../types/engine';
import { binding } from '../binding';
import { invalidArgValue } from '../errors';
import { checkInteger, checkOneOf, isGiven, UINT16 } from '../validate';
import { UserSocket } from './user-socket';

export interface EngineChoice {
  engine: EngineName;
  /** Our UDP port, for the engine in user space. */
  udpPort?: number;
}

const NAMES = ['kernel', 'user'] as const;
const VARIABLE = 'KERNEL_SCTP_ENGINE';

/**
 * @param given the options `engine` and `udpPort`, unchecked
 * @param before the engine of a socket that has one, unless another is given
 */
export function engineChoice(
  given: { engine?: unknown; udpPort?: unknown },
  before?: EngineName,
): EngineChoice {
  const { engine: name, udpPort } = given;
  const engine = isGiven(name)
    ? checkOneOf('options.engine', name, NAMES)
    : (before ?? engineByDefault());
  if (!isGiven(udpPort)) return { engine };
  if (engine === 'kernel') {
    const reason =
      "is of engine: 'user'; the kernel's own port is net.sctp.udp_port, the peer's is " +
      'sctp.remoteUdpEncapsPort';
    throw invalidArgValue('options.udpPort', udpPort, reason);
  }
  return { engine, udpPort: checkInteger('options.udpPort', udpPort, 0, UINT16) };
}

/** What the environment says, where no option is given. */
export function engineByDefault(): EngineName {
  const value = process.env[VARIABLE];
  return value === undefined || value === '' ? 'kernel' : checkOneOf(VARIABLE, value, NAMES);
}

export function newStreamSocket(
  { engine, udpPort }: EngineChoice,
  maxMessageSize: number,
): NativeStreamSocket {
  if (engine === 'kernel') return new binding.StreamSocket(maxMessageSize);
  return new UserSocket(maxMessageSize, udpPort);
}
