/** What became of the addresses that a user has named, once the association is up. */
import { type LeftOut, listOf } from '../../addresses/peer-list';
import { compareScopes, scopeOf } from '../../addresses/scope';
import type { Association } from '../../association/association';
import { canonical } from '../../validate';

export interface Named {
  /** The peer's; the first is wanted as the primary one. */
  readonly peers: readonly string[];
  /** Ours. */
  readonly own: readonly string[];
  /** Why some of the peer's were not even tried. */
  readonly leftOut: readonly LeftOut[];
}

/** The order of trying may have been another than that of the list. */
export function preferFirst({ addresses, paths }: Association, [first]: readonly string[]): void {
  const present = addresses.remotes.map(({ address }) => address);
  if (first === undefined || addresses.remote?.address === canonical(first)) return;
  if (!present.includes(canonical(first))) return;
  try {
    paths.setPrimary(canonical(first));
  } catch {
    // it has gone since
  }
}

/** Warns of addresses that the association lacks, with the reason for each. */
export function warnOfUnused({ addresses }: Association, { peers, own, leftOut }: Named): void {
  const { remote } = addresses;
  if (!remote || addresses.locals.length === 0) return; // it is over already
  const reasons = new Map(leftOut.map(({ address, reason }) => [address, reason]));
  const missing = [
    ...lacking(peers, addresses.remotes).map((address) =>
      explained(address, reasons.get(address) ?? whyHidden(address, remote.address, 'the peer')),
    ),
    ...lacking(own, addresses.locals).map((address) =>
      explained(`${address} of this end`, whyHidden(address, remote.address, 'the kernel')),
    ),
  ];
  if (missing.length === 0) return;
  const message =
    `the association with ${remote.address}:${String(remote.port)} lacks addresses that were ` +
    `named: ${listOf(missing)}`;
  process.emitWarning(message, { type: 'SctpWarning', code: 'SCTP_ADDRESS_UNUSED' });
}

function lacking(named: readonly string[], present: readonly { address: string }[]): string[] {
  const all = new Set(present.map(({ address }) => address));
  return [...new Set(named.map(canonical))].filter((address) => !all.has(address));
}

function explained(address: string, reason: string): string {
  return `${address} (${reason})`;
}

function whyHidden(address: string, first: string, who: string): string {
  if (compareScopes(address, first) >= 0) return `${who} does not use it in this association`;
  return (
    `it is ${scopeOf(address)}, and an association over a ${scopeOf(first)} address, ${first}, ` +
    'has no such: see net.sctp.addr_scope_policy'
  );
}
