/** Peers with thousands of addresses, with a stand-in for the kernel that counts what it is asked. */
import { EventEmitter } from 'node:events';
import { constants as os } from 'node:os';

import { AddressChanges } from '#lib/association/addresses/address-changes';
import { Addresses } from '#lib/association/addresses/addresses';
import { Paths } from '#lib/association/addresses/paths';
import type { Link } from '#lib/association/link';
import type { PartHost } from '#lib/association/part';
import { binding } from '#lib/binding';

import type { Address } from '../../types/address';
import type { NativeNotification, NativePath } from '../../types/native-values';
import type { PathChange } from '../../types/paths';

const { constants } = binding;
const COUNT = 3000;
const PORT = 5;

const at = (index: number): Address => ({
  address: `10.0.${String(index >> 8)}.${String(index & 255)}`,
  family: 'IPv4',
  port: PORT,
});
const range = (length: number, first = 0) => Array.from({ length }, (_, i) => at(first + i));

class Kernel {
  peers = range(COUNT);
  isOver = false;
  calls: Record<string, number> = {};
  readonly link = new Proxy({} as Link, {
    get: (_target, name: string) => {
      if (name === 'origin') return undefined;
      const method = (this.#methods as Record<string, (...args: never[]) => unknown>)[name];
      return (...args: never[]) => {
        this.calls[name] = (this.calls[name] ?? 0) + 1;
        return method?.(...args);
      };
    },
  });
  readonly #methods = {
    peerAddress: () => (this.isOver ? undefined : this.peers[0]),
    localAddress: () => at(60_000),
    localAddresses: () => (this.isOver ? -os.errno.EINVAL : [at(60_000)]),
    peerAddresses: () => (this.isOver ? -os.errno.EINVAL : [...this.peers]),
    peerPaths: () => this.peers.map(pathOf),
    getOption: () => ({ value: 0 }),
    setOption: () => -os.errno.EINVAL,
  };
}

function pathOf(address: Address): NativePath {
  const numbers = { cwnd: 4000, srtt: 0, rto: 200, mtu: 1500 };
  return { address, state: constants.SCTP_ACTIVE, ...numbers };
}

function change(state: number, address: Address | undefined): NativeNotification {
  return { type: 'peerAddrChange', state, error: 0, address } as unknown as NativeNotification;
}

function setUp() {
  const kernel = new Kernel();
  const { link } = kernel;
  const owner = Object.assign(new EventEmitter(), { destroyed: false, errored: null });
  const subscriptions = { set: () => undefined };
  const addresses = new Addresses(link);
  const config = { sctp: { exposePfState: 'disable' } };
  const host = {
    link,
    isUp: true,
    wasUp: true,
    owner,
    subscriptions,
    addresses,
    config,
  } as unknown as PartHost;
  const addressChanges = new AddressChanges(host);
  const paths = new Paths(host, () => addressChanges);
  let changes = 0;
  owner.on('address-change', () => changes++);
  const seen: PathChange[] = [];
  owner.on('path', (path: PathChange) => seen.push(path));
  addresses.begin();
  for (const part of [addressChanges, paths]) part.onUp();
  const report = (state: number, address?: Address): void => {
    for (const part of [addressChanges, paths]) part.onNotification(change(state, address));
  };
  kernel.calls = {};
  return { kernel, addresses, paths, seen, report, changes: () => changes };
}

test('all paths take one call', () => {
  const { kernel, paths } = setUp();
  expect(paths.all).toHaveLength(COUNT);
  expect(kernel.calls).toEqual({ peerPaths: 1, peerAddress: 1 });
  kernel.calls = {};
  expect(Object.keys(paths.peerInfo)).toHaveLength(COUNT);
  expect(kernel.calls).toEqual({ peerPaths: 1 });
});

test('a listener for their changes takes one, whatever changes', () => {
  const { kernel, seen, report } = setUp();
  for (const address of range(COUNT)) report(constants.SCTP_ADDR_UNREACHABLE, address);
  expect(seen).toHaveLength(COUNT);
  expect(seen.at(-1)).toMatchObject({ previousState: 'active', state: 'inactive' });
  // Whether it is the primary one.
  expect(kernel.calls).toEqual({ peerAddress: COUNT });
});

test('addresses that come and go are not read anew', () => {
  const { kernel, report, changes } = setUp();
  for (const address of range(COUNT, COUNT)) {
    kernel.peers.push(address);
    report(constants.SCTP_ADDR_ADDED, address);
  }
  expect(changes()).toBe(COUNT);
  for (const address of range(COUNT, COUNT)) {
    kernel.peers.pop();
    report(constants.SCTP_ADDR_REMOVED, address);
  }
  expect(changes()).toBe(2 * COUNT);
  expect(Object.keys(kernel.calls)).toEqual(['peerAddress']);
});

test('what is no change is no event, and what is in doubt is read', () => {
  const { kernel, report, changes } = setUp();
  report(constants.SCTP_ADDR_ADDED, at(0)); // known already
  report(constants.SCTP_ADDR_REMOVED, at(COUNT));
  report(constants.SCTP_ADDR_MADE_PRIM, at(0)); // as before
  report(constants.SCTP_ADDR_CONFIRMED, at(1));
  expect(changes()).toBe(0);
  kernel.peers = [at(1), ...range(COUNT - 2, 2), at(0)];
  report(constants.SCTP_ADDR_MADE_PRIM, at(1));
  expect(changes()).toBe(1);
  kernel.peers = range(COUNT - 1);
  report(constants.SCTP_ADDR_REMOVED, at(COUNT - 1)); // and another is the primary one
  expect(changes()).toBe(2);
  expect(kernel.calls).not.toHaveProperty('peerAddresses');
  kernel.peers.push(at(COUNT));
  report(constants.SCTP_ADDR_ADDED); // the kernel does not say which
  expect(changes()).toBe(3);
  expect(kernel.calls).toHaveProperty('peerAddresses', 1);
});

test('those that came last are known when the association is over', () => {
  const { kernel, addresses, report } = setUp();
  report(constants.SCTP_ADDR_REMOVED, at(7));
  report(constants.SCTP_ADDR_ADDED, at(COUNT));
  kernel.isOver = true;
  const known = addresses.remotes.map(({ address }) => address);
  expect(known).toHaveLength(COUNT);
  expect(known).toContain(at(COUNT).address);
  expect(known).not.toContain(at(7).address);
});

test('an error names some of them', () => {
  const { paths } = setUp();
  expect(() => {
    paths.setPrimary('192.0.2.1');
  }).toThrow(/not an address of the peer, which has 10\.0\.0\.0, .* and 2984 more$/);
});
