/** What has happened to each path, from the kernel's notifications. */
import type { NativeNotification } from '../../../types/native-values';
import type { PathState } from '../../../types/options';
import type { PathChange } from '../../../types/paths';
import { peerAddrChangeStates } from '../../notifications/names';
import type { Link } from '../link';
import { pathsOf } from './path-table';

type NativeChange = Extract<NativeNotification, { type: 'peerAddrChange' }>;

/** A path's state after a change; 'madePrim' does not change it. */
const stateAfter: Readonly<Record<string, PathState>> = {
  available: 'active',
  unreachable: 'inactive',
  potentiallyFailed: 'potentiallyFailed',
  confirmed: 'active',
  added: 'unconfirmed',
};

export class PathChanges {
  readonly #link: Link;
  readonly #states = new Map<string, PathState>();

  /** Starts from the present states. */
  constructor(link: Link) {
    this.#link = link;
    for (const { address, state } of pathsOf(link)) this.#states.set(address, state);
  }

  next(notification: NativeChange): PathChange | undefined {
    if (notification.address === undefined) return undefined;
    const { address } = notification.address;
    const change = peerAddrChangeStates[notification.state] ?? 'unknown';
    const before = this.#states.get(address);
    const after = change === 'removed' ? undefined : (stateAfter[change] ?? before);
    if (after === undefined) this.#states.delete(address);
    else this.#states.set(address, after);
    return {
      address,
      change,
      ...(after !== undefined && { state: after }),
      ...(before !== undefined && { previousState: before }),
      primary: this.#link.peerAddress()?.address === address,
    };
  }
}
