/** Changes our own addresses in an association that is up (RFC 5061), and explains refusals. */
import { constants as os } from 'node:os';

import type { Address } from '../../../types/address';
import type { NativeOptionValues } from '../../../types/native-values';
import { addressHint, isLinkLocal } from '../../address-hint';
import { isIPv6Address } from '../../addresses/family';
import { constants } from '../../constants';
import { errnoName, invalidArgValue, type Place, systemError } from '../../errors';
import { canonical, checkAddress } from '../../validate';
import { type Link, listed } from '../link';
import { takesIPv6 } from './source';

const { EADDRNOTAVAIL, EBUSY, ENOTCONN, EPERM } = os.errno;
const { SCTP_ESTABLISHED } = constants;

const NO_LINK =
  'a link-local address that is added later is of no use to the peer, which cannot know the link ' +
  'it is on: list it among localAddresses from the start';

const LEAVING = "it is being removed, and the peer has not agreed yet: wait for 'address-change'";

const ENDING = 'the association is ending';

const NOT_NEGOTIATED =
  'the association was set up without dynamic addresses (RFC 5061): both ends need ' +
  'sctp: { asconfSupported: true } before it is set up';

/**
 * Binds an address and announces it to the peer, which uses it once it has confirmed it.
 * @throws what the kernel refuses, or would ignore in silence; nothing has changed then
 */
export function addAddress(link: Link, input: unknown): void {
  const { place, list } = ownAddress(link, input);
  checkIsAnnounced(link, 'addLocalAddress', place);
  if (isLeaving(link, place)) throw systemError('addLocalAddress', -EBUSY, place, LEAVING);
  if (isLinkLocal(place.address) && place.address.includes('%')) {
    throw systemError('addLocalAddress', -EADDRNOTAVAIL, place, NO_LINK);
  }
  const errno = link.bindMore(list);
  if (errno < 0) {
    throw systemError('addLocalAddress', errno, place, hintForAdding(link, errno, place));
  }
  const present = link.localAddresses();
  if (typeof present !== 'number' && find(present, place)) return;
  link.unbind(list);
  if (typeof present === 'number') throw systemError('addLocalAddress', present, place);
  // The kernel had bound the address, and silently announced nothing.
  throw systemError('addLocalAddress', -EPERM, place, NOT_NEGOTIATED);
}

/**
 * Unbinds an address; the peer has to agree before the association forgets it.
 * @returns the address as the kernel writes it
 * @throws what the kernel refuses, or would ignore in silence; nothing has changed then
 */
export function removeAddress(link: Link, input: unknown): string {
  const { place, list } = ownAddress(link, input);
  const known = find(listed(link.localAddresses()), place);
  if (known) {
    checkIsAnnounced(link, 'removeLocalAddress', place);
    checkPeerCanAgree(link, known, place);
  }
  const errno = link.unbind(list);
  if (errno < 0) {
    throw systemError('removeLocalAddress', errno, place, hintForRemoving(link, errno, place));
  }
  return known?.address ?? place.address;
}

/**
 * Asks the peer to send to this address of ours.
 * @throws what the kernel refuses
 */
export function askForPrimary(link: Link, input: unknown): void {
  const { place } = ownAddress(link, input);
  const errno = link.setOption('setPeerPrimaryAddr', { value: place });
  if (errno === 0) return;
  throw systemError('setPeerPrimary', errno, place, hintForAsking(link, errno));
}

interface OwnAddress {
  place: Required<Place>;
  list: [string, number];
}

function ownAddress(link: Link, input: unknown): OwnAddress {
  const own = link.localAddress()?.port ?? 0;
  const { address, port } = checkAddress('address', input, own);
  if (port !== own) {
    const reason = `must be ${String(own)}: all addresses of an end have one port`;
    throw invalidArgValue('address.port', port, reason);
  }
  return { place: { address, port }, list: [address, port] };
}

/** Where nothing can be announced to the peer, the kernel returns 0 and does nothing. */
function checkIsAnnounced(link: Link, call: string, place: Place): void {
  const { state } = valuesOf(link, 'status');
  if (state !== SCTP_ESTABLISHED) throw systemError(call, -ENOTCONN, place, ENDING);
  const { value } = valuesOf(link, 'asconfSupported');
  if (!value) throw systemError(call, -EPERM, place, NOT_NEGOTIATED);
}

function valuesOf(link: Link, option: string): NativeOptionValues {
  const values = link.getOption(option, {});
  return typeof values === 'number' ? {} : values;
}

/** A peer refuses to forget the address that it is asked from. */
function checkPeerCanAgree(link: Link, leaving: Address, place: Place): void {
  const { family } = leaving;
  const others = listed(link.boundAddresses()).filter(({ address }) => address !== leaving.address);
  if (others.length === 0 || others.some((other) => other.family === family)) return;
  if (link.peerAddress()?.family !== family) return;
  const hint =
    `it is the last ${family} address of this end, and the way to the peer's primary address: ` +
    'setPrimary() to one of the other family first';
  throw systemError('removeLocalAddress', -EBUSY, place, hint);
}

/** Whether it was removed, and the peer has not agreed yet. */
function isLeaving(link: Link, place: Required<Place>): boolean {
  return (
    find(listed(link.localAddresses()), place) !== undefined &&
    find(listed(link.boundAddresses()), place) === undefined
  );
}

function find(own: readonly Address[], place: Required<Place>): Address | undefined {
  const wanted = canonical(place.address);
  return own.find(({ address }) => canonical(address) === wanted);
}

function hintForAdding(link: Link, errno: number, place: Required<Place>): string {
  const { address, port } = place;
  switch (errnoName(errno)) {
    case 'EADDRNOTAVAIL':
      return addressHint(address) || 'this machine has no such address, or it is not usable yet';
    case 'EADDRINUSE':
      return `another socket has port ${String(port)} there`;
    case 'EINVAL':
      return whyInvalid(link, place);
    default:
      return '';
  }
}

function whyInvalid(link: Link, place: Required<Place>): string {
  const { address } = place;
  const hint = addressHint(address);
  if (hint !== '') return hint;
  if (find(listed(link.localAddresses()), place)) return 'this end has it already';
  return isIPv6Address(address) && !takesIPv6(link) ? ONLY_IPV4 : EVERY_ADDRESS;
}

const ONLY_IPV4 =
  'the socket was opened for IPv4 alone: have an IPv6 address among those it is bound to, or ' +
  'connects to, from the start';

const EVERY_ADDRESS =
  'this end is bound to every address of the machine, so the kernel neither adds nor removes any: ' +
  'give localAddresses from the start, or follow the machine with sctp: { autoAsconf: true }';

function hintForRemoving(link: Link, errno: number, place: Required<Place>): string {
  if (isLeaving(link, place)) return LEAVING;
  switch (errnoName(errno)) {
    case 'EBUSY':
      return listed(link.localAddresses()).length > 1 ? EVERY_ADDRESS : 'it is the last address';
    case 'EINVAL':
    case 'EADDRNOTAVAIL':
      return notOurs(link);
    default:
      return '';
  }
}

function hintForAsking(link: Link, errno: number): string {
  switch (errnoName(errno)) {
    case 'EPERM':
      return NOT_NEGOTIATED;
    case 'ENOTCONN':
      return ENDING;
    case 'EADDRNOTAVAIL':
      return notOurs(link);
    default:
      return '';
  }
}

function notOurs(link: Link): string {
  const own = listed(link.localAddresses()).map(({ address }) => address);
  return `it is not an address of this end, which has ${own.join(', ')}`;
}
