/** Every address of every peer of the host (network namespace). */
import { addressOf, readRows } from './table';

const states = ['inactive', 'potentially-failed', 'active', 'unconfirmed'] as const;

export interface HostPath {
  readonly address: string;
  readonly assocId: number;
  readonly state: (typeof states)[number] | 'unknown';
  readonly heartbeats: boolean;
  readonly pathMaxRxt: number;
}

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
