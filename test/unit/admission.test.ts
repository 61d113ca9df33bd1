/** Peers that come to have a blocked address, with a stand-in for the kernel. */
import { BlockList } from 'node:net';
import { constants as os } from 'node:os';

import { Admission } from '#lib/association/admission';
import type { PartHost } from '#lib/association/part';
import { binding } from '#lib/binding';

import type { NativeNotification } from '../../types/native-values';

const { SCTP_ADDR_ADDED, SCTP_ADDR_CONFIRMED, SCTP_COMM_LOST, SCTP_RESTART } = binding.constants;
const at = (address: string) => ({ address, family: 'IPv4' as const, port: 5 });

function setUp() {
  const list = new BlockList();
  list.addAddress('192.0.2.9');
  const peers = ['192.0.2.1', '192.0.2.2'];
  const kernel = { errno: 0, isOver: false };
  const blocked: (string | undefined)[] = [];
  const errors: Error[] = [];
  const admission = new Admission({
    link: { peerAddresses: () => kernel.errno || peers.map(at), isGone: () => kernel.isOver },
    subscriptions: { set: () => undefined },
    calls: {
      onBlocked: (error: Error & { address?: string }) => {
        errors.push(error);
        blocked.push(error.address);
      },
    },
    config: { blockList: list },
  } as unknown as PartHost);
  admission.onUp();
  const report = (type: string, state: number, address?: string): void => {
    const place = address === undefined ? {} : { address: at(address) };
    admission.onNotification({ type, state, ...place } as unknown as NativeNotification);
  };
  return { list, peers, kernel, blocked, errors, report };
}

test('an address that is added is checked, and no other change', () => {
  const { blocked, report } = setUp();
  report('peerAddrChange', SCTP_ADDR_ADDED, '192.0.2.3');
  report('peerAddrChange', SCTP_ADDR_CONFIRMED, '192.0.2.9');
  expect(blocked).toEqual([]);
  report('peerAddrChange', SCTP_ADDR_ADDED, '192.0.2.9');
  expect(blocked).toEqual(['192.0.2.9']);
});

test('after a restart every address is checked again', () => {
  const { list, peers, blocked, report } = setUp();
  report('assocChange', SCTP_RESTART);
  expect(blocked).toEqual([]);
  peers.push('192.0.2.9'); // the peer has come back with another one
  report('assocChange', SCTP_COMM_LOST);
  expect(blocked).toEqual([]);
  report('assocChange', SCTP_RESTART);
  expect(blocked).toEqual(['192.0.2.9']);
  peers.pop();
  list.addAddress('192.0.2.2'); // the list has grown meanwhile
  report('assocChange', SCTP_RESTART);
  expect(blocked).toEqual(['192.0.2.9', '192.0.2.2']);
});

test('a peer whose addresses cannot be read is taken for blocked', () => {
  const { peers, kernel, errors, report } = setUp();
  kernel.errno = -os.errno.ENOMEM;
  report('assocChange', SCTP_RESTART);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({
    code: 'ERR_IP_BLOCKED',
    message: expect.stringMatching(/ENOMEM.*blocked/) as string,
  });
  kernel.errno = 0;
  peers.length = 0;
  report('assocChange', SCTP_RESTART);
  expect(errors).toHaveLength(2);
});

test('an added address without a name has all of them checked', () => {
  const { peers, kernel, blocked, report } = setUp();
  report('peerAddrChange', SCTP_ADDR_ADDED);
  expect(blocked).toEqual([]);
  peers.push('192.0.2.9');
  report('peerAddrChange', SCTP_ADDR_ADDED);
  expect(blocked).toEqual(['192.0.2.9']);
  kernel.errno = -os.errno.ENOMEM;
  report('peerAddrChange', SCTP_ADDR_ADDED);
  expect(blocked).toEqual(['192.0.2.9', undefined]);
});

test('a peer that restarted and is over already is left to its end', () => {
  const { kernel, errors, report } = setUp();
  kernel.errno = -os.errno.EINVAL;
  kernel.isOver = true;
  report('assocChange', SCTP_RESTART);
  expect(errors).toEqual([]);
});
