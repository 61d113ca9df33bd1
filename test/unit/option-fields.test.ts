/** What options become in the kernel's structs and what is refused before, on a socket that is none. */
import type { OptionName, ReadableOptionName } from 'kernel-sctp';

import { binding } from '#lib/binding';
import { getOption, setOption, type Target } from '#lib/options/options';

import type { NativeSocket } from '../../types/native';
import type { NativeOptionValues } from '../../types/native-values';
import { expectThrow } from '../support/errors';

const { constants } = binding;

/** Records what it gets; returns `answer`. */
class FakeSocket {
  asked: NativeOptionValues[] = [];
  set: NativeOptionValues[] = [];
  constructor(readonly answer: NativeOptionValues = {}) {}
  getOption(_name: string, args: NativeOptionValues) {
    this.asked.push(args);
    return this.answer;
  }
  setOption(_name: string, values: NativeOptionValues) {
    this.set.push(values);
    return 0;
  }
}

function reported(
  name: OptionName,
  value: unknown,
  target?: Target,
): NativeOptionValues | undefined {
  const socket = new FakeSocket();
  setOption(socket as unknown as NativeSocket, name as 'noDelay', value as boolean, target);
  return socket.set[0];
}

function read(name: ReadableOptionName, answer: NativeOptionValues, args?: unknown): unknown {
  return getOption(new FakeSocket(answer) as unknown as NativeSocket, name, args);
}

describe('peerAddrParams', () => {
  test.each([
    [{}, []],
    [{ pathMaxRxt: 3 }, []],
    [{ hbInterval: 200 }, ['SPP_HB_ENABLE']],
    [{ hbInterval: 0 }, ['SPP_HB_ENABLE', 'SPP_HB_TIME_IS_ZERO']],
    [{ hbInterval: 200, hbEnable: true }, ['SPP_HB_ENABLE']],
    [{ hbEnable: true }, ['SPP_HB_ENABLE']],
    [{ hbEnable: false }, ['SPP_HB_DISABLE']],
    [{ pathMtu: 1400 }, ['SPP_PMTUD_DISABLE']],
    [{ pathMtu: 1400, pmtudEnable: false }, ['SPP_PMTUD_DISABLE']],
    [{ pathMtu: 0 }, []],
    [{ pathMtu: 0, pmtudEnable: true }, ['SPP_PMTUD_ENABLE']],
    [{ pmtudEnable: false }, ['SPP_PMTUD_DISABLE']],
    [{ sackDelay: 100 }, ['SPP_SACKDELAY_ENABLE']],
    [{ sackDelay: 0 }, []],
    [{ sackDelay: 0, sackDelayEnable: false }, ['SPP_SACKDELAY_DISABLE']],
    [{ sackDelayEnable: true }, ['SPP_SACKDELAY_ENABLE']],
    [{ ipv6FlowLabel: 0 }, ['SPP_IPV6_FLOWLABEL']],
    [{ dscp: 0 }, ['SPP_DSCP']],
    [
      { hbEnable: true, pmtudEnable: true, sackDelayEnable: true },
      ['SPP_HB_ENABLE', 'SPP_PMTUD_ENABLE', 'SPP_SACKDELAY_ENABLE'],
    ],
  ] as const)('%j sets the flags %j', (value, names) => {
    const flags = names.reduce((sum, name) => sum | constants[name], 0);
    const numbers = Object.entries(value).filter(([, given]) => typeof given === 'number');
    expect(reported('peerAddrParams', value)).toEqual({
      ...Object.fromEntries(numbers),
      flags,
      assocId: 0,
    });
  });

  test.each([
    [{ hbInterval: 200, hbEnable: false }, 'hbInterval', 'has no effect with hbEnable: false'],
    [{ hbInterval: 0, hbEnable: false }, 'hbInterval', 'has no effect'],
    [{ pathMtu: 1400, pmtudEnable: true }, 'pathMtu', 'has no effect with pmtudEnable: true'],
    [{ sackDelay: 9, sackDelayEnable: false }, 'sackDelay', 'has no effect with sackDelayEnable'],
  ])('%j contradicts itself', (value, field, reason) => {
    expectThrow(() => reported('peerAddrParams', value), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(`'peerAddrParams.${field}' ${reason}`) as string,
    });
  });

  test.each([
    { hbInterval: -1 },
    { pathMaxRxt: 65_536 },
    { pathMtu: 511 },
    { pathMtu: 65_536 },
    { sackDelay: 501 },
    { ipv6FlowLabel: 0x100000 },
    { dscp: 46 },
    { dscp: 256 },
  ])('%j is out of range', (value) => {
    expectThrow(() => reported('peerAddrParams', value), { code: 'ERR_OUT_OF_RANGE' });
  });

  test('its switches come from the flags, flow label and DSCP are absent unless set', () => {
    const { SPP_HB_ENABLE, SPP_PMTUD_DISABLE, SPP_SACKDELAY_ENABLE, SPP_DSCP } = constants;
    const numbers = { hbInterval: 1, pathMaxRxt: 2, pathMtu: 512, sackDelay: 3 };
    const flags = SPP_HB_ENABLE | SPP_PMTUD_DISABLE | SPP_SACKDELAY_ENABLE;
    const switches = { hbEnable: true, pmtudEnable: false, sackDelayEnable: true };
    const answer = { ...numbers, flags, ipv6FlowLabel: 0, dscp: 0 };
    expect(read('peerAddrParams', answer)).toStrictEqual({ ...numbers, ...switches });
    const withDscp = { ...answer, flags: flags | SPP_DSCP, dscp: 184 };
    expect(read('peerAddrParams', withDscp)).toStrictEqual({
      ...numbers,
      ...switches,
      dscp: 184,
    });
  });
});

describe('addresses', () => {
  const address = { address: '192.0.2.1', port: 3868 };

  test('text, or an object with its port', () => {
    expect(reported('primaryAddr', address)).toEqual({ value: address, assocId: 0 });
    expect(reported('primaryAddr', { ...address, family: 'IPv4' })).toMatchObject({
      value: address,
    });
    expect(reported('primaryAddr', '192.0.2.1', { peerPort: 3868 })).toMatchObject({
      value: address,
    });
    expect(
      reported('primaryAddr', { address: '192.0.2.1' }, { peerPort: 3868, assocId: 7 }),
    ).toEqual({
      value: address,
      assocId: 7,
    });
    expect(reported('primaryAddr', address, { peerPort: 1 })).toMatchObject({ value: address });
  });

  test.each([
    [5, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
    [['192.0.2.1'], 'ERR_INVALID_ARG_TYPE'],
    ['example.org', 'ERR_INVALID_IP_ADDRESS'],
    ['192.0.2.1', 'ERR_SOCKET_BAD_PORT'],
    [{ port: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ address: '192.0.2.1', port: 0 }, 'ERR_SOCKET_BAD_PORT'],
    [{ ...address, family: 'IPv6' }, 'ERR_INVALID_ARG_VALUE'],
    [{ ...address, host: 'a' }, 'ERR_INVALID_ARG_VALUE'],
  ])('%p is none', (value, code) => {
    const message = expect.stringContaining('primaryAddr') as string;
    expectThrow(() => reported('primaryAddr', value), { code, message });
  });
});

describe('what getOption is reported to look at', () => {
  test('goes to the kernel', () => {
    const socket = new FakeSocket({ flags: 0 });
    const native = socket as unknown as NativeSocket;
    const address = { address: '::1', port: 5 };
    getOption(native, 'peerAddrParams', { address }, { assocId: 9 });
    getOption(native, 'peerAddrParams', undefined, { assocId: 9 });
    getOption(native, 'noDelay', {}, { assocId: 9 });
    expect(socket.asked).toEqual([{ address, assocId: 9 }, { assocId: 9 }, {}]);
  });

  test.each([
    ['peerAddrInfo', undefined, "must be given: getOption('peerAddrInfo', { address: … })"],
    ['peerAddrInfo', {}, "must be given: getOption('peerAddrInfo', { address: … })"],
    ['rtoInfo', { address: '::1' }, "'args.address' does not apply to rtoInfo"],
    ['peerAddrParams', { hbInterval: 5 }, "'args.hbInterval' does not apply to peerAddrParams"],
  ] as const)('%s with %j is refused', (name, args, message) => {
    expectThrow(() => read(name, {}, args), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(message) as string,
    });
  });

  test.each([null, 5, 'address', [], new Map([['address', '::1']])])(
    '%p has the wrong type',
    (args) => {
      expectThrow(() => read('peerAddrParams', {}, args), { code: 'ERR_INVALID_ARG_TYPE' });
    },
  );
});

test('which association is meant', () => {
  const socket = new FakeSocket({ flags: 0, policy: 0, value: 0, sid: 0, ppid: 0, context: 0 });
  const native = socket as unknown as NativeSocket;
  setOption(native, 'rtoInfo', { min: 1 });
  setOption(native, 'delayedSack', { freq: 1 });
  setOption(native, 'rtoInfo', { min: 1 }, { assocId: 9 });
  setOption(native, 'delayedSack', { freq: 1 }, { assocId: 9 });
  const { SCTP_FUTURE_ASSOC, SCTP_ALL_ASSOC } = constants;
  const meant = () => socket.set.map(({ assocId }) => assocId);
  expect(meant()).toEqual([SCTP_FUTURE_ASSOC, SCTP_ALL_ASSOC, 9, 9]);
  // It is read first, and what it disturbs is put back.
  setOption(native, 'defaultSndInfo', { ppid: 3 }, { assocId: 9 });
  expect(socket.asked).toEqual([{ assocId: 9 }, { assocId: 9 }, { assocId: 9 }]);
  expect(meant().slice(4)).toEqual([9, 9]);
});

describe('what can only be read', () => {
  test.each(['status', 'peerAddrInfo', 'assocStats'] as const)('%s', (name) => {
    for (const value of [{}, undefined, 5]) {
      expectThrow(() => reported(name, value), {
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringContaining(`'${name}' can only be read`) as string,
      });
    }
  });

  test.each(['numberPeerDestinations', 'peerRwnd', 'localRwnd'])('assocInfo.%s', (field) => {
    expectThrow(() => reported('assocInfo', { asocMaxRxt: 5, [field]: 1 }), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(`'assocInfo.${field}' can only be read`) as string,
    });
    expect(reported('assocInfo', { asocMaxRxt: 5 })).toEqual({ asocMaxRxt: 5, assocId: 0 });
  });
});

test('status: states are words, the path a struct in it, its round-trip time in milliseconds', () => {
  const address = { address: '::1', family: 'IPv6', port: 5 } as const;
  const numbers = { rwnd: 1, unackData: 2, pendData: 3, inStreams: 4, outStreams: 5 };
  const answer = {
    ...{ ...numbers, state: 8, fragmentationPoint: 6 },
    ...{ primaryAddress: address, primaryState: 1, primaryCwnd: 7 },
    ...{ primarySrtt: 20, primaryRto: 9, primaryMtu: 10 },
  };
  const srtt = Math.round((20 * binding.nanosecondsPerJiffy) / 1e6);
  expect(read('status', answer)).toStrictEqual({
    state: 'shutdownAckSent',
    ...numbers,
    fragmentationPoint: 6,
    primary: { address, state: 'potentiallyFailed', cwnd: 7, srtt, rto: 9, mtu: 10 },
  });
});

test('the tick is that of a kernel there is', () => {
  const hz = 1e9 / binding.nanosecondsPerJiffy;
  expect(hz).toBeGreaterThanOrEqual(99);
  expect(hz).toBeLessThanOrEqual(1024);
});

test('counters stay what they are', () => {
  const big = 2n ** 62n;
  expect(read('assocStats', { oPackets: 5, iPackets: big })).toStrictEqual({
    oPackets: 5,
    iPackets: big,
  });
});
