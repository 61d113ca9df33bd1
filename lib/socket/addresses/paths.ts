/** The paths of an association that is up: what the kernel knows of them, and what can be done. */
import { constants as os } from 'node:os';

import type { AddressInput } from '../../../types/address';
import type { NativeStreamSocket } from '../../../types/native';
import type { PathState, PeerAddrInfo } from '../../../types/options';
import type { Path, PeerInfo } from '../../../types/paths';
import { binding } from '../../binding';
import { errnoName, type Place, systemError } from '../../errors';
import { getOption, setOption } from '../../options/options';
import { checkAddress } from '../../validate';

const { constants } = binding;
const { EACCES } = os.errno;

const stateNumbers: Readonly<Record<PathState, number>> = {
  inactive: constants.SCTP_INACTIVE,
  potentiallyFailed: constants.SCTP_PF,
  active: constants.SCTP_ACTIVE,
  unconfirmed: constants.SCTP_UNCONFIRMED,
};

export function pathsOf(native: NativeStreamSocket): Path[] {
  const primary = native.peerAddress()?.address;
  return native.peerAddresses().flatMap((peer) => {
    const info = infoOf(native, peer);
    if (info === undefined) return []; // gone since
    const { state, srtt, rto, cwnd, mtu } = info === 'hidden' ? hidden : info;
    const { address } = peer;
    return [{ address, state, primary: address === primary, srtt, rto, cwnd, mtu }];
  });
}

/** For each address of the peer; undefined where the kernel does not tell. */
export function peerInfoOf(
  native: NativeStreamSocket | undefined,
  addresses: readonly string[],
): Record<string, PeerInfo | undefined> {
  const port = native?.peerAddress()?.port;
  const entries = addresses.map((address) => {
    const info = native && port !== undefined && infoOf(native, { address, port });
    if (!info || info === 'hidden') return [address, undefined] as const;
    const { state, cwnd, srtt, rto, mtu } = info;
    return [address, { state: stateNumbers[state], cwnd, srtt, rto, mtu }] as const;
  });
  return Object.fromEntries(entries);
}

/** @throws if it is not an address of the peer */
export function makePrimary(native: NativeStreamSocket, input: unknown): void {
  const place = peerPlace(native, input);
  const errno = native.setOption('primaryAddr', { value: place });
  if (errno < 0) throw refused(native, 'setPrimary', errno, place);
}

/** @throws if it is not an address of the peer */
export function sendHeartbeat(native: NativeStreamSocket, input: unknown): void {
  const place = peerPlace(native, input);
  const values = { address: place, flags: constants.SPP_HB_DEMAND };
  const errno = native.setOption('peerAddrParams', values);
  if (errno < 0) throw refused(native, 'requestHeartbeat', errno, place);
}

/** Lets the kernel tell of them, unless that is decided already. */
export function exposePotentialFailures(native: NativeStreamSocket): void {
  const hasOption = typeof native.getOption('exposePfState', {}) !== 'number';
  if (!hasOption) return; // before Linux 5.5
  if (getOption(native, 'exposePfState') === 'unset') setOption(native, 'exposePfState', 'enable');
}

/** A path that is potentially failed while net.sctp.pf_expose=1 hides such paths. */
const hidden = {
  state: 'potentiallyFailed',
  ...{ srtt: NaN, rto: NaN, cwnd: NaN, mtu: NaN },
} as const satisfies Partial<PeerAddrInfo>;

function infoOf(
  native: NativeStreamSocket,
  peer: AddressInput,
): PeerAddrInfo | 'hidden' | undefined {
  try {
    return getOption(native, 'peerAddrInfo', { address: peer });
  } catch (error) {
    return (error as NodeJS.ErrnoException).errno === -EACCES ? 'hidden' : undefined;
  }
}

function peerPlace(native: NativeStreamSocket, input: unknown): Required<Place> {
  return checkAddress('address', input, native.peerAddress()?.port);
}

function refused(native: NativeStreamSocket, call: string, errno: number, place: Place): Error {
  const peers = native.peerAddresses().map(({ address }) => address);
  const isUnknown = errnoName(errno) === 'EINVAL';
  const hint = isUnknown ? `it is not an address of the peer, which has ${peers.join(', ')}` : '';
  return systemError(call, errno, place, hint);
}
