/**
 * The streams of an association of the user-space engine: how many there are, and the requests to
 * reset or add some (RFC 6525), reported as the kernel would.
 */
import { constants as os } from 'node:os';

import type { NativeNotification } from '../../types/native-values';
import { constants } from '../constants';
import type { Engine } from './engine';
import { DENIED, PERFORMED } from './events';
import { streamChange, streamReset } from './user-notifications';

const { EINPROGRESS, EINVAL, ENOPROTOOPT, ENOTCONN } = os.errno;

/** What the engine's requests return, as errnos. */
const REQUEST_ERRORS = [0, -ENOPROTOOPT, -EINVAL, -EINPROGRESS, -ENOTCONN];

type Notify = (type: number, make: () => NativeNotification) => void;

export interface StreamCounts {
  readonly outbound: number;
  readonly inbound: number;
}

/** Streams of one request to the peer, as asked for, and those that were not answered yet. */
interface Reset {
  streams: readonly number[];
  left: Set<number>;
}

export class UserStreams {
  readonly #engine: Engine;
  readonly #notify: Notify;
  #counts: StreamCounts = { outbound: 0, inbound: 0 };
  /** By the latest request for more streams: a refusal reports it. */
  #askedFor: StreamCounts = { outbound: 0, inbound: 0 };
  #outgoingReset: Reset | undefined;
  #incomingReset: readonly number[] | undefined;

  constructor(engine: Engine, notify: Notify) {
    this.#engine = engine;
    this.#notify = notify;
  }

  get counts(): StreamCounts {
    return this.#counts;
  }

  /** The association is up, or has restarted. */
  agreed(counts: StreamCounts): void {
    this.#counts = counts;
  }

  /** @returns 0 or a negative errno */
  reset(flags: number, streams: readonly number[]): number {
    if ((flags & constants.SCTP_STREAM_RESET_INCOMING) !== 0) {
      if (this.#incomingReset) return -EINPROGRESS;
      const status = this.#engine.requestReset(streams);
      if (status === 0) this.#incomingReset = streams;
      return REQUEST_ERRORS[status] ?? -EINVAL;
    }
    if (this.#outgoingReset) return -EINPROGRESS;
    const status = this.#engine.resetStreams(streams);
    if (status === 0) {
      const all = Array.from({ length: this.#counts.outbound }, (_, sid) => sid);
      this.#outgoingReset = { streams, left: new Set(streams.length > 0 ? streams : all) };
    }
    return REQUEST_ERRORS[status] ?? -EINVAL;
  }

  /** @returns 0 or a negative errno */
  add(incoming: number, outgoing: number): number {
    const error = REQUEST_ERRORS[this.#engine.addStreams(outgoing, incoming)] ?? -EINVAL;
    if (error === 0) this.#askedFor = { outbound: outgoing, inbound: incoming };
    return error;
  }

  // --- What the engine reports ---

  onIncomingReset(sids: readonly number[]): void {
    const asked = this.#incomingReset;
    this.#incomingReset = undefined;
    this.#reportReset('incoming', asked ?? sids, undefined);
  }

  onResetAnswered(result: number): void {
    if (result === PERFORMED || !this.#incomingReset) return; // the reset itself follows
    const asked = this.#incomingReset;
    this.#incomingReset = undefined;
    this.#reportReset('incoming', asked, refusalOf(result));
  }

  onOutgoingReset(sids: readonly number[], result: number): void {
    const reset = this.#outgoingReset;
    for (const sid of sids) reset?.left.delete(sid);
    // Else the peer has asked for it.
    const isOurs = reset !== undefined && (reset.left.size === 0 || result !== PERFORMED);
    if (reset && !isOurs) return;
    this.#outgoingReset = undefined;
    this.#reportReset('outgoing', reset?.streams ?? sids, refusalOf(result));
  }

  onAdded(totals: StreamCounts, result: number, byPeer: boolean): void {
    const { outbound, inbound } = this.#counts;
    const isRefused = result !== PERFORMED && !byPeer;
    const added = isRefused
      ? this.#askedFor
      : { outbound: totals.outbound - outbound, inbound: totals.inbound - inbound };
    this.#counts = totals;
    // The peer adds what it was asked for by a request of its own.
    if (result === PERFORMED && !byPeer && added.outbound === 0) return;
    this.#notify(constants.SCTP_STREAM_CHANGE_EVENT, () => streamChange(added, refusalOf(result)));
  }

  #reportReset(
    direction: 'incoming' | 'outgoing',
    sids: readonly number[],
    refusal: 'denied' | 'failed' | undefined,
  ): void {
    this.#notify(constants.SCTP_STREAM_RESET_EVENT, () => streamReset(direction, sids, refusal));
  }
}

function refusalOf(result: number): 'denied' | 'failed' | undefined {
  if (result === PERFORMED) return undefined;
  return result === DENIED ? 'denied' : 'failed';
}
