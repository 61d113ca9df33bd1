/** The option `interface`: every address of network interfaces, as they are when it is used. */
import { constants as os, networkInterfaces } from 'node:os';

import { didYouMean, invalidArgType, invalidArgValue, systemError } from '../errors';
import { isLinkLocal } from '../address-hint';
import { isGiven } from '../validate';

const { EADDRNOTAVAIL, ENODEV } = os.errno;

/** @returns none if the option is not given */
export function checkInterfaces(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? Array.from(value as unknown[]) : [value];
  if (list.length === 0) throw invalidArgValue(name, value, 'must name at least one interface');
  for (const [index, one] of list.entries()) {
    const place = Array.isArray(value) ? `${name}[${String(index)}]` : name;
    if (typeof one !== 'string') throw invalidArgType(place, 'of type string or an Array', one);
    if (one === '') throw invalidArgValue(place, one, 'must be the name of an interface');
  }
  return [...new Set(list as string[])];
}

/** The same end of a socket is given in one way. */
export function checkOneWay(options: object, names: readonly string[]): void {
  const given = options as Record<string, unknown>;
  const other = names.find((name) => isGiven(given[name]) && given[name] !== '');
  if (other === undefined || !isGiven(given['interface'])) return;
  const reason = `cannot be combined with ${other}: give one of them`;
  throw invalidArgValue('options.interface', given['interface'], reason);
}

/**
 * @param syscall for errors
 * @returns at least one address for each interface, with the scope where it needs one
 * @throws a system error that says which interface there is not
 */
export function addressesOf(interfaces: readonly string[], syscall = 'bind'): string[] {
  if (interfaces.length === 0) return [];
  const known = networkInterfaces();
  return interfaces.flatMap((name) => {
    const found = known[name] ?? [];
    if (found.length > 0) {
      return found.map(({ address }) => (isLinkLocal(address) ? `${address}%${name}` : address));
    }
    const names = Object.keys(known);
    // Those without an address, or that are down, are not listed.
    const hint =
      `no interface ${name} is up and has an address${didYouMean(name, names)}; those that are: ` +
      names.join(', ');
    throw systemError(syscall, name in known ? -EADDRNOTAVAIL : -ENODEV, {}, hint);
  });
}
