/**
 * How far an address reaches, as Linux sees it (net/sctp/protocol.c, ipv6.c). An association uses
 * addresses that reach at least as far as the one it was begun with (net.sctp.addr_scope_policy).
 */
import { BlockList, isIP } from 'node:net';

import { rememberingLast } from '../last-answer';
import { withoutScope } from '../validate';

/** From the narrowest on. */
const SCOPES = ['loopback', 'link-local', 'private', 'global'] as const;
export type Scope = (typeof SCOPES)[number];

const narrow: Readonly<Record<Exclude<Scope, 'global'>, BlockList>> = {
  loopback: subnets(['127.0.0.0', 8], ['::1', 128]),
  'link-local': subnets(['169.254.0.0', 16], ['fe80::', 10]),
  private: subnets(['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['fec0::', 10]),
};

export const scopeOf = rememberingLast((address: string): Scope => {
  const literal = withoutScope(address);
  const family = isIP(literal) === 6 ? 'ipv6' : 'ipv4';
  return (
    SCOPES.find((scope) => scope !== 'global' && narrow[scope].check(literal, family)) ?? 'global'
  );
});

/** Negative if the first reaches less far than the second. */
export function compareScopes(first: string, second: string): number {
  return SCOPES.indexOf(scopeOf(first)) - SCOPES.indexOf(scopeOf(second));
}

function subnets(...list: [network: string, prefix: number][]): BlockList {
  const all = new BlockList();
  for (const [network, prefix] of list) {
    all.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return all;
}
