/** What an association's kernel side takes: asked for when it is needed, and remembered. */
import type { SocketSendInfo } from '../../../types/messages';
import type { NativeStreamSocket } from '../../../types/native';
import type { OptionValues } from '../../../types/options';
import {
  errnoName,
  messageNotToBeCut,
  messageTooLarge,
  outOfRange,
  systemError,
} from '../../errors';
import { getOption } from '../../options/options';

const OVERSIZE_HINT =
  ". To send a byte stream whose chunks need not stay whole, set the option oversize: 'split'";

export function tooLongToSend(length: number, limit: number): Error {
  return messageTooLarge(length, limit, {}, OVERSIZE_HINT);
}

/** How many there are. */
type Streams = Pick<OptionValues['status'], 'inStreams' | 'outStreams'>;

export class Limits {
  readonly #native: NativeStreamSocket;
  #longestMessage: number | undefined;
  #streams: Streams | undefined;
  /** How many the kernel counts too many, since a restart: it does not take streams away. */
  #surplus: Streams = { inStreams: 0, outStreams: 0 };

  constructor(native: NativeStreamSocket) {
    this.#native = native;
  }

  /** An option or a restart may have changed them. */
  forget(): void {
    this.#longestMessage = undefined;
    this.#streams = undefined;
  }

  /** In bytes: the kernel takes no message longer than its send buffer. */
  get longestMessage(): number {
    return (this.#longestMessage ??= getOption(this.#native, 'sndBuf'));
  }

  /** Nothing if the association is over already, which its notifications are yet to tell. */
  get streams(): Streams | undefined {
    try {
      // Asked anew: the peer may have had some added.
      return (this.#streams = this.#readStreams());
    } catch {
      return undefined;
    }
  }

  /** The peer has restarted the association, with so many streams. */
  restart(inStreams: number, outStreams: number): void {
    this.forget();
    this.#surplus = { inStreams: 0, outStreams: 0 };
    const counted = this.streams;
    if (!counted) return;
    this.#surplus = {
      inStreams: counted.inStreams - inStreams,
      outStreams: counted.outStreams - outStreams,
    };
    this.#streams = { inStreams, outStreams };
  }

  /** Throws if the association, which must be up, has no such outbound stream. */
  checkStream(sid: number): void {
    const known = this.#streams?.outStreams ?? 0;
    const count = sid < known ? known : this.streams?.outStreams;
    if (count !== undefined && sid >= count) {
      throw outOfRange('sid', `< ${String(count)}, the outbound streams negotiated`, sid);
    }
  }

  /** Why the kernel has refused one message. */
  sendError(errno: number, length: number, info: SocketSendInfo = {}): Error {
    const name = errnoName(errno);
    if (name === 'EMSGSIZE') {
      const limit = this.longestMessage;
      return length > limit ? tooLongToSend(length, limit) : messageNotToBeCut(length, {});
    }
    if (length === 0) return systemError('write', errno, {}, DETACHED);
    const isExplained = name === 'EINVAL' || name === 'EADDRNOTAVAIL';
    return systemError('write', errno, {}, isExplained ? hint(info) : '');
  }

  #readStreams(): Streams {
    const { inStreams, outStreams } = getOption(this.#native, 'status');
    return {
      inStreams: inStreams - this.#surplus.inStreams,
      outStreams: outStreams - this.#surplus.outStreams,
    };
  }
}

const DETACHED = 'its memory was detached (transferred to another thread?) before it could be sent';

/** What the kernel may find invalid about a message that has passed our checks. */
function hint({ sid, authKeyNumber, address }: SocketSendInfo): string {
  const causes = [
    ...(address === undefined
      ? []
      : [`${address} may not be an address of the peer (remoteAddresses has those)`]),
    ...(authKeyNumber === undefined
      ? []
      : [`there may be no key ${String(authKeyNumber)} (option authKey), or it is deactivated`]),
    ...(sid === undefined
      ? []
      : [`stream ${String(sid)} may be beyond those negotiated (OS, sctp.initMsg.numOstreams)`]),
  ];
  return causes.join('; or ');
}
