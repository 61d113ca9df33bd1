/** What a message may be: checked as it is written, as far as that is known by then. */
import type { SocketSendInfo } from '../../../types/messages';
import { checkSocketSendInfo } from '../../messages/info';
import { type Limits, tooLongToSend } from '../association/limits';
import { LONGEST_PIECE } from './outgoing';

export class ChunkChecks {
  readonly #limits: () => Limits | undefined;

  /** @param limits nothing before the association is up: then the kernel decides, later */
  constructor(limits: () => Limits | undefined) {
    this.#limits = limits;
  }

  get #longestMessage(): number | undefined {
    return this.#limits()?.longestMessage;
  }

  /** Of a chunk that is cut up. */
  get longestPiece(): number {
    return Math.min(this.#longestMessage ?? LONGEST_PIECE, LONGEST_PIECE);
  }

  /** Before the association is up nobody knows how much goes: then no piece is long. */
  get longestUncut(): number {
    return this.#longestMessage ?? LONGEST_PIECE;
  }

  checkLength(length: number): void {
    const limit = this.#longestMessage;
    if (limit !== undefined && length > limit) throw tooLongToSend(length, limit);
  }

  checkInfo(value: unknown): SocketSendInfo {
    const info = checkSocketSendInfo(value);
    if (info.sid !== undefined) this.#limits()?.checkStream(info.sid);
    return info;
  }

  /** What a chunk itself says. */
  infoOf(chunk: unknown): SocketSendInfo | undefined {
    const { sid, ppid } = chunk as Partial<Record<'sid' | 'ppid', unknown>>;
    if (sid === undefined && ppid === undefined) return undefined;
    return this.checkInfo({
      ...(sid !== undefined && { sid }),
      ...(ppid !== undefined && { ppid }),
    });
  }
}
