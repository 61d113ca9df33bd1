/** What happens to a peer of a handle, for diagnostics: `open` has no object for an association. */
import type { RestartInfo } from '../../types/association';
import type { AssociationLost, PublishedAssociation } from '../../types/diagnostics';
import type { NativeNotification } from '../../types/native-values';
import type { NativeSendInfo } from '../../types/native';
import { type FailedMessage, failedMessageError } from '../association/failed-messages';
import type { Peer } from '../batch';
import { describeCause } from '../causes';
import { constants } from '../constants';
import {
  reportLost,
  reportRestart,
  reportSendFailed,
  reportShutdown,
  reportUp,
} from '../diagnostics/associations';

type AssocChange = Extract<NativeNotification, { type: 'assocChange' }>;

/** 'closed': with the handle, and left to the kernel, which ends it in order. */
export type PeerEnd = 'shutdown' | 'closed' | AssociationLost['reason'];

export class PublishedPeer {
  readonly #place: Peer;

  constructor(place: Peer) {
    this.#place = place;
  }

  get user(): PublishedAssociation {
    const { address, family, port } = this.#place;
    return { remoteAddress: address, remoteFamily: family, remotePort: port };
  }

  onUp(): void {
    reportUp(this);
  }

  onRestart({ outboundStreams, inboundStreams }: RestartInfo): void {
    reportRestart(this, { outboundStreams, inboundStreams });
  }

  onEnd(how: PeerEnd, causes: AssocChange['causes']): void {
    if (how === 'shutdown' || how === 'closed') reportShutdown(this);
    else reportLost(this, () => ({ reason: how, causes: causes.map(describeCause) }));
  }

  onFailed(message: FailedMessage): void {
    reportSendFailed(this, () => failedMessageError(message));
  }

  /** The kernel has never had it. Others that wait may share its memory. */
  onUnsent(data: Buffer, [sid, ppid, flags, context]: NativeSendInfo): void {
    const unordered = (flags & constants.SCTP_UNORDERED) !== 0;
    const about = { sid, ppid, context, unordered, sent: false, why: '' };
    this.onFailed({ ...about, length: data.length, data: () => Buffer.from(data) });
  }
}
