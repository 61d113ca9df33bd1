/** Changes our own addresses in an association that is up (RFC 5061), and explains refusals. */
import { constants as os } from 'node:os';

import type { Address } from '../../../types/address';
import type { NativeOptionValues, NativeStreamSocket } from '../../../types/native';
import { addressHint, isLinkLocal } from '../../address-hint';
import { binding } from '../../binding';
import { errnoName, invalidArgValue, type Place, systemError } from '../../errors';
import { canonical, checkAddress } from '../../validate';
import { familyName, takesIPv6 } from './addresses';

const { EADDRNOTAVAIL, EBUSY, ENOTCONN, EPERM } = os.errno;
const { SCTP_ESTABLISHED } = binding.constants;

const NO_LINK =
  'a peer that is told of a link-local address later cannot know which of its links that is on, ' +
  'and could not reach it: have it among localAddresses from the start';

const LEAVING = "it is being removed, and the peer has not agreed yet: wait for 'address-change'";

const ENDING = 'the association is ending';

const NOT_NEGOTIATED =
  'the association was set up without dynamic addresses (RFC 5061): both ends need ' +
  'sctp: { asconfSupported: true } before it is set up';

/**
 * Binds an address and tells the peer, who takes it in once it has confirmed it.
 * @throws what the kernel refuses, or would pass over in silence; nothing has changed then
 */
export function addAddress(native: NativeStreamSocket, input: unknown): void {
  const { place, list } = ownAddress(native, input);
  checkPeerIsTold(native, 'addLocalAddress', place);
  if (isLeaving(native, place)) throw systemError('addLocalAddress', -EBUSY, place, LEAVING);
  if (isLinkLocal(place.address) && place.address.includes('%')) {
    throw systemError('addLocalAddress', -EADDRNOTAVAIL, place, NO_LINK);
  }
  const errno = native.bindMore(list);
  if (errno < 0) {
    throw systemError('addLocalAddress', errno, place, hintForAdding(native, errno, place));
  }
  if (find(native.localAddresses(), place)) return;
  // The kernel has bound the address, and neither told the peer nor said so.
  native.unbind(list);
  throw systemError('addLocalAddress', -EPERM, place, NOT_NEGOTIATED);
}

/**
 * Unbinds an address and tells the peer, who has to agree before the association forgets it.
 * @returns the address as the kernel writes it
 * @throws what the kernel refuses, or would pass over in silence; nothing has changed then
 */
export function removeAddress(native: NativeStreamSocket, input: unknown): string {
  const { place, list } = ownAddress(native, input);
  const known = find(native.localAddresses(), place);
  if (known) {
    checkPeerIsTold(native, 'removeLocalAddress', place);
    checkPeerCanAgree(native, known, place);
  }
  const errno = native.unbind(list);
  if (errno < 0) {
    throw systemError('removeLocalAddress', errno, place, hintForRemoving(native, errno, place));
  }
  return known?.address ?? place.address;
}

/**
 * Asks the peer to send to this address of ours.
 * @throws what the kernel refuses
 */
export function askForPrimary(native: NativeStreamSocket, input: unknown): void {
  const { place } = ownAddress(native, input);
  const errno = native.setOption('setPeerPrimaryAddr', { value: place });
  if (errno === 0) return;
  throw systemError('setPeerPrimary', errno, place, hintForAsking(native, errno));
}

interface OwnAddress {
  place: Required<Place>;
  list: [string, number];
}

function ownAddress(native: NativeStreamSocket, input: unknown): OwnAddress {
  const own = native.localAddress()?.port ?? 0;
  const { address, port } = checkAddress('address', input, own);
  if (port !== own) {
    const reason = `must be ${String(own)}: all addresses of an end have one port`;
    throw invalidArgValue('address.port', port, reason);
  }
  return { place: { address, port }, list: [address, port] };
}

/** Where the peer cannot be told, the kernel answers 0 and does nothing. */
function checkPeerIsTold(native: NativeStreamSocket, call: string, place: Place): void {
  const { state } = valuesOf(native, 'status');
  if (state !== SCTP_ESTABLISHED) throw systemError(call, -ENOTCONN, place, ENDING);
  const { value } = valuesOf(native, 'asconfSupported');
  if (!value) throw systemError(call, -EPERM, place, NOT_NEGOTIATED);
}

function valuesOf(native: NativeStreamSocket, option: string): NativeOptionValues {
  const values = native.getOption(option, {});
  return typeof values === 'number' ? {} : values;
}

/** A peer refuses to forget the address that it is asked from. */
function checkPeerCanAgree(native: NativeStreamSocket, leaving: Address, place: Place): void {
  const { family } = leaving;
  const others = native.boundAddresses().filter(({ address }) => address !== leaving.address);
  if (others.length === 0 || others.some((other) => other.family === family)) return;
  if (native.peerAddress()?.family !== family) return;
  const hint =
    `it is the last ${family} address of this end, and the way to the peer's primary address: ` +
    'setPrimary() to one of the other family first';
  throw systemError('removeLocalAddress', -EBUSY, place, hint);
}

/** Whether it was removed, and the peer has not agreed yet. */
function isLeaving(native: NativeStreamSocket, place: Required<Place>): boolean {
  return (
    find(native.localAddresses(), place) !== undefined &&
    find(native.boundAddresses(), place) === undefined
  );
}

function find(own: readonly Address[], place: Required<Place>): Address | undefined {
  const wanted = canonical(place.address);
  return own.find(({ address }) => canonical(address) === wanted);
}

function hintForAdding(native: NativeStreamSocket, errno: number, place: Required<Place>): string {
  const { address, port } = place;
  switch (errnoName(errno)) {
    case 'EADDRNOTAVAIL':
      return addressHint(address) || 'this machine has no such address, or it is not usable yet';
    case 'EADDRINUSE':
      return `another socket has port ${String(port)} there`;
    case 'EINVAL':
      return whyInvalid(native, place);
    default:
      return '';
  }
}

function whyInvalid(native: NativeStreamSocket, place: Required<Place>): string {
  const { address } = place;
  const hint = addressHint(address);
  if (hint !== '') return hint;
  if (find(native.localAddresses(), place)) return 'this end has it already';
  return familyName(address) === 'IPv6' && !takesIPv6(native) ? ONLY_IPV4 : EVERY_ADDRESS;
}

const ONLY_IPV4 =
  'the socket was opened for IPv4 alone: have an IPv6 address among those it is bound to, or ' +
  'connects to, from the start';

const EVERY_ADDRESS =
  'this end is bound to every address of the machine, so the kernel neither adds nor removes any: ' +
  'give localAddresses from the start, or follow the machine with sctp: { autoAsconf: true }';

function hintForRemoving(
  native: NativeStreamSocket,
  errno: number,
  place: Required<Place>,
): string {
  if (isLeaving(native, place)) return LEAVING;
  switch (errnoName(errno)) {
    case 'EBUSY':
      return native.localAddresses().length > 1 ? EVERY_ADDRESS : 'it is the last address';
    case 'EINVAL':
    case 'EADDRNOTAVAIL':
      return notOurs(native);
    default:
      return '';
  }
}

function hintForAsking(native: NativeStreamSocket, errno: number): string {
  switch (errnoName(errno)) {
    case 'EPERM':
      return NOT_NEGOTIATED;
    case 'ENOTCONN':
      return ENDING;
    case 'EADDRNOTAVAIL':
      return notOurs(native);
    default:
      return '';
  }
}

function notOurs(native: NativeStreamSocket): string {
  const own = native.localAddresses().map(({ address }) => address);
  return `it is not an address of this end, which has ${own.join(', ')}`;
}
