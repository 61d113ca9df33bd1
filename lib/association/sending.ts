/** Hands messages of one association to the kernel, with what the socket's defaults add to them. */
import { constants as os } from 'node:os';

import type { NativeSendInfo } from '../../types/native';
import { LONGEST_IN_BURST, SaidByDefault } from '../burst';
import { constants } from '../constants';
import { messageTooLarge } from '../errors';
import { MessageDefaults } from '../messages/defaults';
import type { CheckedSocketInfo } from '../messages/info';
import type { Limits } from './limits';
import type { Link } from './link';
import { sendError, suspects } from './send-errors';

const { EPIPE } = os.errno;

/** What its user has called, and could do about refusals: for errors. */
export interface SendingWords {
  readonly syscall: 'write' | 'send';
  /** Against messages that are too long. */
  readonly oversizeRemedy: string;
  /** What gives more outbound streams. */
  readonly streamsOption: string;
}

/** One message on its way out. */
export interface Outgoing {
  readonly data: Buffer;
  /** What is left out follows the socket's defaults. */
  readonly info: CheckedSocketInfo | undefined;
  /** The end follows, which need not wait for a delayed acknowledgement (RFC 7053 §4). */
  readonly isLast?: boolean;
}

/** With the flag that asks the peer not to delay its acknowledgement (RFC 7053). */
export function acknowledgedAtOnce(info: NativeSendInfo): NativeSendInfo {
  const [sid, ppid, flags, ...rest] = info;
  return [sid, ppid, flags | constants.SCTP_SACK_IMMEDIATELY, ...rest];
}

export class Sending {
  readonly #link: Link;
  readonly #limits: Limits;
  readonly #words: SendingWords;
  readonly #onLong: () => void;
  /** Read when the first message is sent. */
  #defaults: MessageDefaults | undefined;

  /** @param onLong called before a message is sent that is too long for a burst */
  constructor(link: Link, limits: Limits, words: SendingWords, onLong: () => void) {
    this.#link = link;
    this.#words = words;
    this.#onLong = onLong;
    this.#limits = limits;
  }

  /** An option has changed. */
  reload(): void {
    if (this.#defaults) this.#defaults = this.#load();
  }

  /** @returns bytes accepted, or negative errno */
  trySend({ data, info, isLast }: Outgoing): number {
    this.#defaults ??= this.#load();
    if (!this.#defaults) return -EPIPE;
    if (data.length > LONGEST_IN_BURST) this.#onLong();
    const native = this.#defaults.toNative(info);
    const isUrgent = isLast === true || this.#limits.isAwaited(data.length);
    return this.#link.send(data, isUrgent ? acknowledgedAtOnce(native) : native, info?.address);
  }

  /** As `addToBurst`, for one of which no more is known. */
  adds(data: Uint8Array, info: CheckedSocketInfo | undefined): boolean {
    this.#defaults ??= this.#load();
    if (!this.#defaults) return false;
    const defaults = this.#defaults;
    return this.#link.addToBurst(data, defaults.toNative(info), defaults.covers(info));
  }

  /** @returns whether the message will leave with the next `sendBurst`; else it must go alone */
  addToBurst({ data, info, isLast }: Outgoing): boolean {
    if (info?.address !== undefined) return false;
    if (isLast !== true) return this.adds(data, info);
    this.#defaults ??= this.#load();
    if (!this.#defaults) return false;
    const native = acknowledgedAtOnce(this.#defaults.toNative(info));
    return this.#link.addToBurst(data, native, SaidByDefault.Nothing);
  }

  /** @returns how many messages of the burst were accepted */
  sendBurst(): number {
    return this.#link.sendBurst();
  }

  /** Why the kernel has refused this message. */
  explain(errno: number, { data, info }: Outgoing): Error {
    const { syscall, oversizeRemedy: remedy, streamsOption } = this.#words;
    return sendError({
      errno,
      syscall,
      length: data.length,
      place: {},
      longestMessage: this.#limits.longestMessage,
      remedy,
      suspects: suspects(info ?? {}, streamsOption),
    });
  }

  /** @throws ERR_SCTP_MESSAGE_TOO_LARGE */
  checkLength(length: number): void {
    const limit = this.#limits.longestMessage;
    if (length > limit) throw messageTooLarge(length, limit, {}, this.#words.oversizeRemedy);
  }

  /** Nothing if the association is over, which was not reported yet. */
  #load(): MessageDefaults | undefined {
    try {
      return new MessageDefaults(this.#link);
    } catch {
      return undefined;
    }
  }
}
