/** The paths of an association that is up: their states, and the calls that concern them. */
import { constants as os } from 'node:os';

import type { NativePath } from '../../../types/native-values';
import type { PathState, PeerAddrInfo } from '../../../types/options';
import type { Path, PeerInfo } from '../../../types/paths';
import { constants } from '../../constants';
import { errnoName, type Place, systemError } from '../../errors';
import { fromNative, rowOf } from '../../options/codec';
import { setOption } from '../../options/options';
import { checkAddress } from '../../validate';
import { type Link, listed } from '../link';
import { optionOf } from '../option-of';

const { EACCES } = os.errno;

/** How many of a peer's addresses an error names: there may be thousands. */
const NAMED = 16;

const stateNumbers: Readonly<Record<PathState, number>> = {
  inactive: constants.SCTP_INACTIVE,
  potentiallyFailed: constants.SCTP_PF,
  active: constants.SCTP_ACTIVE,
  unconfirmed: constants.SCTP_UNCONFIRMED,
};

export function pathsOf(link: Link): Path[] {
  const primary = link.peerAddress()?.address;
  return listed(link.peerPaths()).flatMap((path) => {
    const info = infoOf(path);
    if (info === undefined) return []; // gone since
    const { state, srtt, rto, cwnd, mtu } = info === 'hidden' ? hidden : info;
    const { address } = path.address;
    return [{ address, state, primary: address === primary, srtt, rto, cwnd, mtu }];
  });
}

/** For each address of the peer; undefined where the kernel does not report it. */
export function peerInfoOf(link: Link): Record<string, PeerInfo | undefined> {
  const entries = listed(link.peerPaths()).map((path) => {
    const { address } = path.address;
    const info = infoOf(path);
    if (!info || info === 'hidden') return [address, undefined] as const;
    const { state, cwnd, srtt, rto, mtu } = info;
    return [address, { state: stateNumbers[state], cwnd, srtt, rto, mtu }] as const;
  });
  return Object.fromEntries(entries);
}

/** @throws if it is not an address of the peer */
export function makePrimary(link: Link, input: unknown): void {
  const place = peerPlace(link, input);
  const errno = link.setOption('primaryAddr', { value: place });
  if (errno < 0) throw refused(link, 'setPrimary', errno, place);
}

/** @throws if it is not an address of the peer */
export function sendHeartbeat(link: Link, input: unknown): void {
  const place = peerPlace(link, input);
  const values = { address: place, flags: constants.SPP_HB_DEMAND };
  const errno = link.setOption('peerAddrParams', values);
  if (errno < 0) throw refused(link, 'requestHeartbeat', errno, place);
}

/** Lets the kernel report them, unless the socket or the sysctl has decided that. */
export function exposePotentialFailures(link: Link): void {
  const hasOption = typeof link.getOption('exposePfState', {}) !== 'number';
  if (!hasOption) return; // before Linux 5.5
  if (optionOf(link, 'exposePfState') === 'unset') setOption(link, 'exposePfState', 'enable');
}

/** A path that is potentially failed while net.sctp.pf_expose=1 hides such paths. */
const hidden = {
  state: 'potentiallyFailed',
  ...{ srtt: NaN, rto: NaN, cwnd: NaN, mtu: NaN },
} as const satisfies Partial<PeerAddrInfo>;

const { fields } = rowOf('peerAddrInfo');

function infoOf(path: NativePath): PeerAddrInfo | 'hidden' | undefined {
  if (path.errno === undefined) return fromNative(fields, path, '') as PeerAddrInfo;
  return path.errno === -EACCES ? 'hidden' : undefined;
}

function peerPlace(link: Link, input: unknown): Required<Place> {
  return checkAddress('address', input, link.peerAddress()?.port);
}

function refused(link: Link, call: string, errno: number, place: Place): Error {
  if (errnoName(errno) !== 'EINVAL') return systemError(call, errno, place);
  const peers = listed(link.peerAddresses()).map(({ address }) => address);
  const others = peers.length - NAMED;
  const names =
    peers.slice(0, NAMED).join(', ') + (others > 0 ? ` and ${String(others)} more` : '');
  return systemError(call, errno, place, `it is not an address of the peer, which has ${names}`);
}
