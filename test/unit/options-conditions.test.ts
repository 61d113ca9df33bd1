/** When, where, and with what else options can be set: checked before the kernel is asked. */
import { createServer, open, type SctpOptions, Socket } from 'kernel-sctp';

import { reapplyOptions } from '#lib/options/apply-options';
import { RepeatedOptions } from '#lib/options/repeated-options';
import { checkLocalHosts, checkNeeds } from '#lib/options/sctp-options';
import { getOption, setOption } from '#lib/options/options';

import type { NativeSocket } from '../../types/native';
import type { NativeOptionValues } from '../../types/native-values';
import { expectThrow } from '../support/errors';

const ENOPROTOOPT = -92;

/** A kernel that knows some options, and records its calls. */
class FakeKernel {
  readonly calls: [call: 'get' | 'set', name: string, values: NativeOptionValues][] = [];
  readonly #answers: Record<string, NativeOptionValues>;

  constructor(answers: Record<string, NativeOptionValues>) {
    this.#answers = answers;
  }

  get socket(): NativeSocket {
    return this as unknown as NativeSocket;
  }

  getOption(name: string, values: NativeOptionValues): NativeOptionValues | number {
    this.calls.push(['get', name, values]);
    return this.#answers[name] ?? ENOPROTOOPT;
  }

  setOption(name: string, values: NativeOptionValues): number {
    this.calls.push(['set', name, values]);
    return name in this.#answers ? 0 : ENOPROTOOPT;
  }
}

describe('a kernel that has peerAddrThresholds in its older form only', () => {
  const older = { peerAddrThresholdsV1: { pathMaxRxt: 5, pathPfThreshold: 7 } };

  test('is read', () => {
    const { socket } = new FakeKernel(older);
    expect(getOption(socket, 'peerAddrThresholds')).toEqual({ pathMaxRxt: 5, pathPfThreshold: 7 });
  });

  test('is set, and keeps what is left out', () => {
    const kernel = new FakeKernel(older);
    setOption(kernel.socket, 'peerAddrThresholds', { pathMaxRxt: 3 });
    expect(kernel.calls.at(-1)).toEqual([
      'set',
      'peerAddrThresholdsV1',
      { pathMaxRxt: 3, pathPfThreshold: 7, assocId: 0 },
    ]);
  });

  test('reports what it lacks', () => {
    const { socket } = new FakeKernel(older);
    expectThrow(
      () => {
        setOption(socket, 'peerAddrThresholds', { pathCpThreshold: 3 });
      },
      {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining('This kernel has no pathCpThreshold') as string,
      },
    );
  });
});

test('an option that the kernel does not know', () => {
  const { socket } = new FakeKernel({});
  expectThrow(() => getOption(socket, 'exposePfState'), {
    code: 'ERR_SCTP_OPTION',
    message: expect.stringContaining('This kernel does not have it') as string,
  });
});

test('switches that share a number are set together, and the others keep their state', () => {
  const kernel = new FakeKernel({ enableStreamReset: { flags: 4 } });
  expect(getOption(kernel.socket, 'enableStreamReset')).toEqual({
    resetStreams: false,
    resetAssoc: false,
    changeAssoc: true,
  });
  setOption(kernel.socket, 'enableStreamReset', { resetStreams: true, resetAssoc: true });
  expect(kernel.calls.at(-1)?.[2]).toMatchObject({ flags: 7 });
  setOption(kernel.socket, 'enableStreamReset', { changeAssoc: false });
  expect(kernel.calls.at(-1)?.[2]).toMatchObject({ flags: 0 });
});

test('a stream’s value is for the present associations of a handle', () => {
  const kernel = new FakeKernel({ streamSchedulerValue: {} });
  setOption(kernel.socket, 'streamSchedulerValue', { sid: 1, value: 2 });
  expect(kernel.calls.at(-1)?.[2]).toEqual({ sid: 1, value: 2, assocId: 1 });
  for (const value of [{ sid: 1 }, { value: 1 }]) {
    expectThrow(
      () => {
        setOption(kernel.socket, 'streamSchedulerValue', value as never);
      },
      {
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringContaining('must be given') as string,
      },
    );
  }
});

test('what only can be set, and not read', () => {
  const { socket } = new FakeKernel({ setPeerPrimaryAddr: {} });
  expectThrow(() => getOption(socket, 'setPeerPrimaryAddr' as 'noDelay'), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: expect.stringContaining('can only be set') as string,
  });
});

test('an address of ours has our port, one of the peer the peer’s', () => {
  const kernel = new FakeKernel({ setPeerPrimaryAddr: {}, primaryAddr: {} });
  const target = { localPort: 11, peerPort: 22 };
  setOption(kernel.socket, 'setPeerPrimaryAddr', '127.0.0.1', target);
  setOption(kernel.socket, 'primaryAddr', '127.0.0.1', target);
  expect(kernel.calls.map(([, , { value }]) => (value as { port: number }).port)).toEqual([11, 22]);
});

describe('options that need others', () => {
  test.each<[SctpOptions, string]>([
    [{ asconfSupported: true, authSupported: false }, 'needs authSupported: true'],
    [{ autoAsconf: true, asconfSupported: false }, 'needs asconfSupported: true'],
    [{ enableStreamReset: { changeAssoc: true } }, 'needs reconfigSupported: true'],
    [{ interleavingSupported: true }, 'needs fragmentInterleave: true'],
  ])('%p', (sctp, reason) => {
    const refused = {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(
        `'options.sctp.${Object.keys(sctp)[0] ?? ''}' ${reason}`,
      ) as string,
    };
    expectThrow(() => new Socket({ sctp }), refused);
    expectThrow(() => createServer({ sctp }), refused);
    // A handle has fragmentInterleave anyway.
    if (!sctp.interleavingSupported) expectThrow(() => open({ sctp }, () => undefined), refused);
  });

  test('what is off needs nothing, what is there is enough', () => {
    for (const sctp of [
      { asconfSupported: false },
      { enableStreamReset: { changeAssoc: false } },
      { asconfSupported: true, authSupported: true },
      { interleavingSupported: true, fragmentInterleave: true },
    ]) {
      expect(() => {
        checkNeeds('sctp', sctp);
      }).not.toThrow();
    }
  });
});

test('autoAsconf is for sockets bound to every address, and set once they are bound', () => {
  const sctp = { autoAsconf: true, asconfSupported: true, authSupported: true };
  expect(new RepeatedOptions(sctp).needsBinding).toBe(true);
  expect(new RepeatedOptions({ autoAsconf: false, noDelay: true }).needsBinding).toBe(false);
  for (const hosts of [[], ['::'], ['0.0.0.0', '::']]) checkLocalHosts('sctp', sctp, hosts);
  expectThrow(
    () => {
      checkLocalHosts('sctp', sctp, ['::', '10.0.0.1']);
    },
    {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(
        "'sctp.autoAsconf' needs a socket that is bound to every address, and not to 10.0.0.1",
      ) as string,
    },
  );
  expectThrow(() => open({ host: '127.0.0.1', sctp }, () => undefined), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
});

test('autoClose is for one-to-many sockets, and says what to do on others', () => {
  expectThrow(() => new Socket({ sctp: { autoClose: 5 } }), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: expect.stringContaining(
      'exists on one-to-many sockets only; on a Socket, setTimeout()',
    ) as string,
  });
  const kernel = new FakeKernel({ autoClose: {} });
  const refused = {
    code: 'ERR_SCTP_OPTION',
    message: expect.stringContaining('it exists on one-to-many sockets only') as string,
  };
  const target = { style: 'one-to-one' } as const;
  expectThrow(() => getOption(kernel.socket, 'autoClose', undefined, target), refused);
  expectThrow(() => {
    setOption(kernel.socket, 'autoClose', 5, target);
  }, refused);
  expect(kernel.calls).toEqual([]);
});

test('accepted sockets get again what the kernel forgets, and nothing else', () => {
  const sctp = { authSupported: true, mark: 7, noDelay: true, rtoInfo: { min: 50 } };
  const kernel = new FakeKernel({ authSupported: {}, mark: {} });
  reapplyOptions(kernel.socket, sctp);
  expect(kernel.calls.map(([call, name]) => `${call} ${name}`)).toEqual([
    'set mark',
    'set authSupported',
  ]);
});

test.each<[SctpOptions, string, string]>([
  [{ dscp: 64 }, 'ERR_OUT_OF_RANGE', 'sctp.dscp'],
  [{ dscp: 184 }, 'ERR_OUT_OF_RANGE', 'sctp.dscp'],
  [{ mark: -1 }, 'ERR_OUT_OF_RANGE', 'sctp.mark'],
  [{ bindToDevice: 'a'.repeat(16) }, 'ERR_INVALID_ARG_VALUE', 'sctp.bindToDevice'],
  [{ bindToDevice: 'eth 0' }, 'ERR_INVALID_ARG_VALUE', 'sctp.bindToDevice'],
  [{ bindToDevice: 2 as never }, 'ERR_INVALID_ARG_TYPE', 'sctp.bindToDevice'],
  [{ maxSeg: 443 }, 'ERR_OUT_OF_RANGE', 'sctp.maxSeg'],
  [{ maxSeg: 65_517 }, 'ERR_OUT_OF_RANGE', 'sctp.maxSeg'],
  [
    { plpmtudProbeInterval: { interval: 4999 } },
    'ERR_OUT_OF_RANGE',
    'plpmtudProbeInterval.interval',
  ],
  [{ remoteUdpEncapsPort: { port: 65_536 } }, 'ERR_OUT_OF_RANGE', 'remoteUdpEncapsPort.port'],
  [{ streamScheduler: 'wrr' as never }, 'ERR_INVALID_ARG_VALUE', 'sctp.streamScheduler'],
  [{ exposePfState: true as never }, 'ERR_INVALID_ARG_VALUE', 'sctp.exposePfState'],
  [
    { peerAddrThresholds: { pathPfThreshold: 3, pathCpThreshold: 2 } },
    'ERR_OUT_OF_RANGE',
    'pathPfThreshold',
  ],
  [
    { enableStreamReset: { resetStreams: 1 as never } },
    'ERR_INVALID_ARG_TYPE',
    'enableStreamReset.resetStreams',
  ],
  [
    { enableStreamReset: { reset: true } as never },
    'ERR_INVALID_ARG_VALUE',
    'enableStreamReset.reset',
  ],
  [{ autoClose: 1.5 }, 'ERR_OUT_OF_RANGE', 'sctp.autoClose'],
  [{ prAssocStatus: {} } as never, 'ERR_INVALID_ARG_VALUE', 'can only be read'],
  // Whatever its value: a better one would not help.
  [{ primaryAddr: '127.0.0.1' } as never, 'ERR_INVALID_ARG_VALUE', 'needs an association'],
  [{ status: 5 } as never, 'ERR_INVALID_ARG_VALUE', 'can only be read'],
  [
    { setPeerPrimaryAddr: { address: '::1', port: 5 } } as never,
    'ERR_INVALID_ARG_VALUE',
    'needs an association',
  ],
  [
    { streamSchedulerValue: { sid: 0, value: 1 } } as never,
    'ERR_INVALID_ARG_VALUE',
    'needs an association',
  ],
])('%p is refused before anything is opened', (sctp, code, text) => {
  expectThrow(() => open({ host: '127.0.0.1', sctp }, () => undefined), {
    code,
    message: expect.stringContaining(text) as string,
  });
});
