/** Makes of the kernel's notifications what has become of each path. */
import type { NativeNotification, NativeStreamSocket } from '../../../types/native';
import type { PathState } from '../../../types/options';
import type { PathChange } from '../../../types/paths';
import { peerAddrChangeStates } from '../../notifications/names';
import { pathsOf } from './paths';

type NativeChange = Extract<NativeNotification, { type: 'peerAddrChange' }>;

/** What a path is after a change; 'madePrim' leaves that as it was. */
const stateAfter: Readonly<Record<string, PathState>> = {
  available: 'active',
  unreachable: 'inactive',
  potentiallyFailed: 'potentiallyFailed',
  confirmed: 'active',
  added: 'unconfirmed',
};

export class PathChanges {
  readonly #native: NativeStreamSocket;
  readonly #states = new Map<string, PathState>();

  /** Begins with what the paths are now. */
  constructor(native: NativeStreamSocket) {
    this.#native = native;
    for (const { address, state } of pathsOf(native)) this.#states.set(address, state);
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
      primary: this.#native.peerAddress()?.address === address,
    };
  }
}
