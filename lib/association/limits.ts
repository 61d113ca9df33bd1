/** How much the kernel takes for an association: asked for when it is needed, and remembered. */
import type { NativeNotification } from '../../types/native-values';
import { outOfRange } from '../errors';
import { isRestart } from '../notifications/names';
import type { Link, StreamCounts } from './link';
import { optionOf } from './option-of';
import type { Part } from './part';

/** The kernel releases the memory of a message when all of it is acknowledged. */
const FEW = 2;

const NO_SURPLUS: StreamCounts = { inStreams: 0, outStreams: 0 };

interface LimitsHost {
  readonly link: Link;
  /** As its start was reported, if it was. */
  readonly begunWith: StreamCounts | undefined;
}

export class Limits implements Part {
  readonly #host: LimitsHost;
  readonly #link: Link;
  #longestMessage: number | undefined;
  #streams: StreamCounts | undefined;
  /** As the kernel has it of one that is over. */
  #startedWith: StreamCounts | undefined;
  /**
   * StreamCounts that the kernel still counts since a restart, though the new peer does not have them.
   */
  #surplus = NO_SURPLUS;

  constructor(host: LimitsHost) {
    this.#host = host;
    this.#link = host.link;
  }

  /** An option or a restart may have changed them. */
  forget(): void {
    this.#longestMessage = undefined;
    this.#streams = undefined;
  }

  /** In bytes: the kernel takes no message longer than its send buffer. */
  get longestMessage(): number {
    return (this.#longestMessage ??= optionOf(this.#link, 'sndBuf'));
  }

  /**
   * Whether so few messages of this length fit into the send buffer that its sender waits for the
   * acknowledgement of each: a peer that delayed it would stop the traffic for that long.
   */
  isAwaited(length: number): boolean {
    try {
      return length * FEW > this.longestMessage;
    } catch {
      return false; // the association is over, which was not reported yet
    }
  }

  /** As they are, or, of an association that is over already, as it began. */
  get streams(): StreamCounts | undefined {
    try {
      // Read again: the peer may have added some.
      return (this.#streams = this.#readStreams());
    } catch {
      return (this.#startedWith ??= this.#host.begunWith ?? this.#link.startedStreams());
    }
  }

  /** Whether this outbound stream is known to exist; of others `checkStream` finds out. */
  hasStream(sid: number): boolean {
    return sid < (this.#streams?.outStreams ?? 0);
  }

  /** Throws if the association, which must be up, has no such outbound stream. */
  checkStream(sid: number): void {
    const known = this.#streams?.outStreams ?? 0;
    const count = sid < known ? known : this.streams?.outStreams;
    if (count !== undefined && sid >= count) {
      throw outOfRange('sid', `< ${String(count)}, the outbound streams negotiated`, sid);
    }
  }

  onNotification(notification: NativeNotification): void {
    const { type } = notification;
    if (type === 'assocChange' || type === 'streamChange') this.forget();
    if (type !== 'assocChange') return;
    const { inboundStreams: inStreams, outboundStreams: outStreams } = notification;
    if (isRestart(notification)) this.#restart(inStreams, outStreams);
  }

  /** The peer has restarted the association, with so many streams. */
  #restart(inStreams: number, outStreams: number): void {
    this.#surplus = NO_SURPLUS;
    const counted = this.streams;
    if (!counted) return;
    this.#surplus = {
      inStreams: counted.inStreams - inStreams,
      outStreams: counted.outStreams - outStreams,
    };
    this.#streams = { inStreams, outStreams };
  }

  #readStreams(): StreamCounts {
    const { inStreams, outStreams } = optionOf(this.#link, 'status');
    return {
      inStreams: inStreams - this.#surplus.inStreams,
      outStreams: outStreams - this.#surplus.outStreams,
    };
  }
}
