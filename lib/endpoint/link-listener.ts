/** What comes in on the Link of an endpoint's association. An `Association` needs less of it. */
import type { ReceivedInfo } from '../../types/messages';
import type { NativeNotification } from '../../types/native-values';
import type { LinkListener } from '../association/link';
import type { Peer } from '../batch';

export interface EndpointLinkListener extends Omit<
  LinkListener,
  'onMessage' | 'onTooLarge' | 'onNotification'
> {
  /** @param peer where it came from: one of the peer's addresses */
  onMessage(data: Buffer, info: ReceivedInfo, peer: Peer): void;
  /** @param length of what has come, if it is reported before the end */
  onTooLarge(length: number, peer: Peer): void;
  onNotification(notification: NativeNotification, peer: Peer): void;
  /** The association has moved to a descriptor of its own. */
  onPeeledOff?(): void;
}
