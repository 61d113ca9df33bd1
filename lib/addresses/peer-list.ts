/**
 * The addresses of a peer, given or resolved, as the kernel is to get them: it refuses a whole list
 * for one entry that it cannot use, waits minutes where there is no route, and hides addresses that
 * come in the wrong order.
 */
import { constants as os } from 'node:os';

import { addressHint, isEveryAddress } from '../address-hint';
import { binding } from '../binding';
import { errnoName } from '../errors';
import { readSysctl } from '../sysctl';
import { canonical } from '../validate';
import { familyOf } from './family';
import { compareScopes, scopeOf } from './scope';

const { EAFNOSUPPORT, EINVAL, ENETUNREACH } = os.errno;

export interface LeftOut {
  address: string;
  /** As the kernel would have it, negative. */
  errno: number;
  reason: string;
}

export interface PeerList {
  /**
   * Each once, in the order to try them. Those of one group go into one association; more groups
   * than one are for one association after the other.
   */
  groups: readonly (readonly string[])[];
  leftOut: readonly LeftOut[];
}

export interface OwnEnd {
  /** Whether the user has written the list. */
  isList: boolean;
  /** What it is bound to; none where the kernel is to choose. */
  hosts: readonly string[];
  /** Options choose other routes than those of a plain socket. */
  hasOwnRoutes: boolean;
}

interface Judged {
  address: string;
  /** The kernel would refuse the list for it, or could never reach it. */
  problem?: Omit<LeftOut, 'address'>;
  /** There is no way to it now; there may be one later. */
  isUnrouted: boolean;
  /** Our address on the way to it, as far as that is known. */
  source?: string;
}

/** @param addresses numeric */
export function peerList(addresses: readonly string[], own: OwnEnd): PeerList {
  const only = addresses.length === 1 ? canonical(addresses[0] as string) : undefined;
  if (only !== undefined && isUsableAlone(only, own)) return { groups: [[only]], leftOut: [] };
  const each = [...new Set(addresses.map(canonical))];
  const hosts = each.filter((address) => !isEveryAddress(address));
  // "Any address" alone means this machine, as for TCP.
  const judged = (hosts.length > 0 ? each : each.map(loopbackOf)).map((one) => judge(one, own));
  // A path of a list that the user has written may be down just now: its address stays.
  const canGo = judged.some(({ problem, isUnrouted }) => !problem && !isUnrouted);
  const stays = ({ problem, isUnrouted }: Judged): boolean =>
    !problem && (!isUnrouted || (own.isList && canGo));
  const leftOut = judged
    .filter((one) => !stays(one))
    .map(({ address, problem = NO_ROUTE }) => ({ address, ...problem }));
  // The first one tried decides which others can be used: the narrowest leaves all in.
  const usable = judged.filter(stays);
  const first = usable[0]?.address;
  const groups = grouped(usable.sort(inOrder))
    .map((group) => group.map(({ address }) => address))
    .filter((group) => group.length > 0);
  // The group of the address that was wanted first goes first.
  const isFirst = (group: readonly string[]): number => (group.includes(first ?? '') ? 0 : 1);
  return { groups: groups.sort((one, other) => isFirst(one) - isFirst(other)), leftOut };
}

/**
 * Apart from the others are those that an association set up with the first one could never reach:
 * a private source, as behind a NAT, is not used along with a global one.
 */
function grouped(usable: readonly Judged[]): Judged[][] {
  const [first] = usable;
  const isStranded = ({ source }: Judged): boolean =>
    first !== undefined && source !== undefined && compareScopes(source, first.address) < 0;
  const stranded = usable.filter(isStranded);
  const isSplit = stranded.length > 0 && stranded.length < usable.length;
  if (!isSplit || readSysctl('net.sctp.addr_scope_policy') === 0) return [[...usable]];
  return [usable.filter((one) => !isStranded(one)), stranded];
}

function inOrder(first: Judged, second: Judged): number {
  return (
    compareScopes(first.address, second.address) ||
    Number(first.isUnrouted) - Number(second.isUnrouted)
  );
}

function judge(address: string, own: OwnEnd): Judged {
  const judged = { address, isUnrouted: false };
  const hint = address.includes('%') ? '' : addressHint(address);
  if (hint !== '') return { ...judged, problem: { errno: -EINVAL, reason: hint } };
  const family = familyOf(address);
  const hosts = own.hosts.filter((host) => canReach(host, family));
  if (own.hosts.length > 0 && hosts.length === 0) {
    const reason = `this end is bound to no ${family} address`;
    return { ...judged, problem: { errno: -EAFNOSUPPORT, reason } };
  }
  if (family === 'IPv4' && scopeOf(address) === 'loopback') return judged; // always there
  const route = binding.routeSource(address, 1);
  // If it is bound to several, the one that reaches furthest is a source for all.
  const [widest] = hosts
    .filter((host) => !isEveryAddress(host))
    .sort(compareScopes)
    .slice(-1);
  if (typeof route !== 'number') return { ...judged, source: widest ?? route.address };
  // Where routes depend on the source, or on options, a plain one says little.
  const isSure = !own.hasOwnRoutes && own.hosts.length === 0;
  const verdict = withoutRoute(route, address, family, isSure);
  if (verdict === 'unrouted') return { ...judged, isUnrouted: true };
  return { ...judged, ...(verdict && { problem: verdict }) };
}

/** As most are: then there is nothing to sort. */
function isUsableAlone(address: string, own: OwnEnd): boolean {
  if (isEveryAddress(address)) return false;
  const { problem, isUnrouted } = judge(address, own);
  return !problem && !isUnrouted;
}

function withoutRoute(
  errno: number,
  address: string,
  family: string,
  isSure: boolean,
): Judged['problem'] | 'unrouted' {
  switch (errnoName(errno)) {
    case 'EINVAL': // also where a route says "blackhole", which SCTP lives with
      return address.includes('%') ? { errno, reason: addressHint(address) } : undefined;
    case 'EAFNOSUPPORT':
      return { errno, reason: `this machine has no ${family}` };
    case 'EADDRNOTAVAIL':
      return isSure ? { errno, reason: `this machine has no ${family} address` } : undefined;
    case 'EACCES':
      return isSure ? { errno, reason: NOT_ALLOWED } : undefined;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return isSure ? 'unrouted' : undefined;
    default:
      return undefined;
  }
}

const NO_ROUTE = { errno: -ENETUNREACH, reason: 'this machine has no route to it' } as const;
const NOT_ALLOWED = 'it is a broadcast address, or its route is prohibited';

/** Whether what is bound to `own` can reach addresses of a family. */
export function canReach(own: string, family: 'IPv4' | 'IPv6'): boolean {
  return own === '::' || familyOf(own) === family;
}

function loopbackOf(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

/** `fe80::1 (a link-local address needs …), 224.0.0.1 (…)` */
export function describeLeftOut(leftOut: readonly LeftOut[]): string {
  return listOf(leftOut.map(({ address, reason }) => `${address} (${reason})`));
}

const MOST_NAMED = 8;

/** A list may hold thousands; nobody reads a message of that length. */
export function listOf(texts: readonly string[]): string {
  const more = texts.length - MOST_NAMED;
  const named = texts.slice(0, MOST_NAMED).join(', ');
  return more > 0 ? `${named} and ${String(more)} more` : named;
}
