/** What an association needs to know of its owner's options. */
import type { BlockList } from 'node:net';

import type { SctpOptions } from '../../types/options';
import type { NotificationChoice } from '../notifications/choice';

export interface AssociationConfig {
  /** Milliseconds; 0 waits for ever. */
  readonly closeTimeout: number;
  /** Milliseconds; 0 never calls an association stalled. */
  readonly stallTimeout: number;
  readonly stallAction: 'report' | 'abort';
  readonly notifications: NotificationChoice;
  readonly sctp: SctpOptions;
  /** Ends an association whose peer gets one of these addresses. */
  readonly blockList?: BlockList | undefined;
}
