/**
 * Options of an association that is over, though that has not been reported yet: the kernel no
 * longer has them, but whoever asks cannot know that.
 */
import type { OptionValues } from '../../types/options';
import type { Addresses } from './addresses/addresses';
import type { Limits } from './limits';

const NO_PATH = { state: 'inactive', cwnd: 0, srtt: 0, rto: 0, mtu: 0 } as const;

const NOTHING = { rwnd: 0, unackData: 0, pendData: 0, fragmentationPoint: 0 } as const;

interface Remembering {
  readonly addresses: Addresses;
  readonly limits: Limits;
}

/** @returns nothing for what is not remembered */
export function lastKnown(name: string, { addresses, limits }: Remembering): unknown {
  const { remote } = addresses;
  const { streams } = limits;
  if (!remote) return undefined;
  if (name === 'primaryAddr') return remote;
  if (name !== 'status' || !streams) return undefined;
  const primary = { address: remote, ...NO_PATH };
  return { state: 'closed', ...NOTHING, ...streams, primary } satisfies OptionValues['status'];
}
