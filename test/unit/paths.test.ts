/** The paths of an association, with a stand-in for the kernel. */
import { constants as os } from 'node:os';

import {
  exposePotentialFailures,
  pathsOf,
  peerInfoOf,
} from '#lib/association/addresses/path-table';
import type { Link } from '#lib/association/link';
import { binding } from '#lib/binding';

import type { NativeOptionValues } from '../../types/native-values';

const PEERS = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
/** Milliseconds, whole in every kernel's jiffies. */
const SRTT = 40;
const at = (address: string) => ({ address, family: 'IPv4' as const, port: 5 });

const active = (address: string) => ({
  ...{ address: at(address), state: binding.constants.SCTP_ACTIVE, cwnd: 4000 },
  ...{ srtt: (SRTT * 1e6) / binding.nanosecondsPerJiffy, rto: 200, mtu: 1500 },
});

/** The first path is active, the second hidden, and the third has just been removed. */
const link = {
  peerAddress: () => at(PEERS[0] as string),
  peerPaths: () => [
    active('192.0.2.1'),
    { address: at('192.0.2.2'), errno: -os.errno.EACCES },
    { address: at('192.0.2.3'), errno: -os.errno.EINVAL },
  ],
} as unknown as Link;

test('a potentially failed path that the kernel hides is there, without its numbers', () => {
  expect(pathsOf(link)).toEqual([
    {
      ...{ address: '192.0.2.1', state: 'active', primary: true },
      ...{ srtt: SRTT, rto: 200, cwnd: 4000, mtu: 1500 },
    },
    {
      ...{ address: '192.0.2.2', state: 'potentiallyFailed', primary: false },
      ...{ srtt: NaN, rto: NaN, cwnd: NaN, mtu: NaN },
    },
  ]);
});

test('what the kernel does not report is undefined by address', () => {
  const first = { state: 2, cwnd: 4000, srtt: SRTT, rto: 200, mtu: 1500 };
  expect(peerInfoOf(link)).toEqual({
    ...{ '192.0.2.1': first, '192.0.2.2': undefined, '192.0.2.3': undefined },
  });
});

test.each([
  ['unset', { value: 0 }, [{ value: 2 }]],
  ['disabled', { value: 1 }, []],
  ['not there, as before Linux 5.5', -os.errno.ENOPROTOOPT, []],
])('whether potential failures are to be reported, where that is %s', (_what, value, expected) => {
  const set: NativeOptionValues[] = [];
  exposePotentialFailures({
    getOption: () => value,
    setOption: (_name: string, values: NativeOptionValues) => set.push(values) * 0,
  } as unknown as Link);
  expect(set).toMatchObject(expected);
  expect(set).toHaveLength(expected.length);
});
