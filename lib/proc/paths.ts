/** Every address of every peer of the host (network namespace). */
import type { PathMetrics } from '../../types/metrics';
import { addressOf, readRows } from './table';

const states = ['inactive', 'potentially-failed', 'active', 'unconfirmed'] as const;

export type HostPath = PathMetrics;

export function hostPaths(): HostPath[] {
  return readRows('remaddr').map(
    ([address = '', assocId, heartbeats, , pathMaxRxt, , , state]): HostPath => ({
      address: addressOf(address),
      assocId: Number(assocId),
      state: states[Number(state)] ?? 'unknown',
      heartbeats: heartbeats === '1',
      pathMaxRxt: Number(pathMaxRxt),
    }),
  );
}
