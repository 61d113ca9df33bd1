/** What a message may be: checked as it is written, as far as that is known by then. */
import type { Association } from '../../association/association';
import { type CheckedSocketInfo, checkSocketSendInfo } from '../../messages/info';
import { isPlain, UINT32 } from '../../validate';
import { LONGEST_PART } from './splitting';

type Numbers = Partial<Record<'sid' | 'ppid', unknown>>;

export interface MessageChecksHost {
  /** The association while it is established; before that the kernel decides, later. */
  readonly upAssociation: Association | undefined;
}

export class MessageChecks {
  readonly #host: MessageChecksHost;
  /** The last that `numbersOf` returned: often the next message has the same. */
  #numbers: CheckedSocketInfo | undefined;

  constructor(host: MessageChecksHost) {
    this.#host = host;
  }

  #longestMessage(): number | undefined {
    return this.#host.upAssociation?.limits.longestMessage;
  }

  /** The most bytes of each part of a chunk that is split. */
  get longestPart(): number {
    return Math.min(this.#longestMessage() ?? LONGEST_PART, LONGEST_PART);
  }

  /** Before the association is up the limit is unknown: then every part is short. */
  get longestWhole(): number {
    return this.#longestMessage() ?? LONGEST_PART;
  }

  checkLength(length: number): void {
    this.#host.upAssociation?.sending.checkLength(length);
  }

  checkInfo(value: unknown): CheckedSocketInfo {
    const info = checkSocketSendInfo(value);
    const association = this.#host.upAssociation;
    if (info.sid !== undefined) association?.limits.checkStream(info.sid);
    if (info.address !== undefined && association) {
      info.address = association.addresses.remoteAs('info.address', info.address);
    }
    return info;
  }

  /**
   * An info of nothing but a stream that is known to exist and a PPID, or one of them, as numbers:
   * so are most.
   * @returns undefined for all others; not to be changed
   */
  shortInfo(value: unknown): CheckedSocketInfo | undefined {
    if (typeof value !== 'object' || value === null || !isPlain(value)) return undefined;
    for (const name in value) if (name !== 'sid' && name !== 'ppid') return undefined;
    const { sid, ppid } = value as Numbers;
    return this.numbersOf(sid, ppid);
  }

  /** As `shortInfo`. */
  numbersOf(sid: unknown, ppid: unknown): CheckedSocketInfo | undefined {
    if (sid !== undefined && !this.#isStream(sid)) return undefined;
    if (ppid !== undefined && !isUint32(ppid)) return undefined;
    const last = this.#numbers;
    if (last !== undefined && last.sid === sid && last.ppid === ppid) return last;
    const info: CheckedSocketInfo = {};
    if (sid !== undefined) info.sid = sid;
    if (ppid !== undefined) info.ppid = ppid;
    return (this.#numbers = info);
  }

  #isStream(sid: unknown): sid is number {
    return isUint32(sid) && this.#host.upAssociation?.limits.hasStream(sid) === true;
  }

  /** What a chunk's own properties say. */
  infoOf(chunk: unknown): CheckedSocketInfo | undefined {
    const { sid, ppid } = chunk as Numbers;
    if (sid === undefined && ppid === undefined) return undefined;
    return this.checkInfo({
      ...(sid !== undefined && { sid }),
      ...(ppid !== undefined && { ppid }),
    });
  }
}

function isUint32(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= UINT32;
}
