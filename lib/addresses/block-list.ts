/** `net.BlockList` for peers that have several addresses. */
import { BlockList, isIPv6 } from 'node:net';

import { invalidArgType } from '../errors';
import { withoutScope } from '../validate';

export function checkBlockList(name: string, value: unknown): BlockList {
  if (!(value instanceof BlockList)) throw invalidArgType(name, 'an instance of BlockList', value);
  return value;
}

/** The first of the addresses that is blocked. */
export function blockedOf(
  list: BlockList,
  addresses: readonly { address: string }[],
): string | undefined {
  return addresses
    .map(({ address }) => address)
    .find((address) => {
      const literal = withoutScope(address);
      return list.check(literal, isIPv6(literal) ? 'ipv6' : 'ipv4');
    });
}
