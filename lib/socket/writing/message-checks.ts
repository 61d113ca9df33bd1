/** What a message may be: checked as it is written, as far as that is known by then. */
import type { Association } from '../../association/association';
import { type CheckedSocketInfo, checkSocketSendInfo } from '../../messages/info';
import { LONGEST_PART } from './splitting';

export interface MessageChecksHost {
  /** The association while it is established; before that the kernel decides, later. */
  readonly upAssociation: Association | undefined;
}

export class MessageChecks {
  readonly #host: MessageChecksHost;

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

  /** What a chunk's own properties say. */
  infoOf(chunk: unknown): CheckedSocketInfo | undefined {
    const { sid, ppid } = chunk as Partial<Record<'sid' | 'ppid', unknown>>;
    if (sid === undefined && ppid === undefined) return undefined;
    return this.checkInfo({
      ...(sid !== undefined && { sid }),
      ...(ppid !== undefined && { ppid }),
    });
  }
}
