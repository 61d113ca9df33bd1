/** Options for many new sockets: set by one native call, and with an error's words if they cannot be. */
import type { SctpOptions } from 'kernel-sctp';

import { binding } from '#lib/binding';
import { RepeatedOptions } from '#lib/options/repeated-options';
import { OptionSet } from '#lib/options/option-set';

import type { NativeSocket } from '../../types/native';
import type { NativeOptionValues } from '../../types/native-values';
import { expectThrow } from '../support/errors';

const ENOPROTOOPT = -92;

/** A kernel that sets packed options, up to the one that it lacks. */
class FakeKernel {
  readonly packed: Uint8Array[] = [];
  readonly single: string[] = [];
  lacks = Infinity;
  initialRto = 3000;

  get socket(): NativeSocket {
    return this as unknown as NativeSocket;
  }

  setOptions(packed: Uint8Array): number {
    this.packed.push(packed);
    return this.lacks;
  }

  setOption(name: string): number {
    this.single.push(name);
    return this.lacks === Infinity ? 0 : ENOPROTOOPT;
  }

  getOption(): NativeOptionValues {
    return { initial: this.initialRto };
  }
}

const options: SctpOptions = { sndBuf: 4096, noDelay: true };

test('they are set by one call', () => {
  const kernel = new FakeKernel();
  new OptionSet(options, ['sndBuf', 'noDelay']).apply(kernel.socket);
  expect(kernel.packed).toEqual([
    binding.packOptions(['sndBuf', { value: 4096 }, 'noDelay', { value: 1 }]),
  ]);
  expect(kernel.single).toEqual([]);
});

test('the first that is refused is refused by itself, which says why', () => {
  const kernel = new FakeKernel();
  kernel.lacks = 1;
  expectThrow(
    () => {
      new OptionSet(options, ['sndBuf', 'noDelay']).apply(kernel.socket);
    },
    { code: 'ERR_SCTP_OPTION', message: expect.stringContaining('noDelay') as string },
  );
  expect(kernel.single).toEqual(['noDelay']);
});

test('keys, and what must be read first, are never packed', () => {
  const kernel = new FakeKernel();
  kernel.lacks = 0;
  const sctp: SctpOptions = { defaultSndInfo: { ppid: 7 } };
  expect(() => {
    new OptionSet(sctp, ['defaultSndInfo']).apply(kernel.socket);
  }).toThrow();
  expect(kernel.packed).toEqual([]);
});

test('from the second socket on those of sockets that connect are packed, the first RTO included', () => {
  const kernel = new FakeKernel();
  const common = new RepeatedOptions({ reuseAddr: true, ...options });
  common.apply(kernel.socket);
  expect(kernel.single).toEqual(['reuseAddr', 'sndBuf', 'rtoInfo', 'noDelay']);
  expect(kernel.packed).toEqual([]);
  common.apply(kernel.socket);
  common.apply(kernel.socket);
  const pack = (initial: number): unknown =>
    binding.packOptions([
      ...['reuseAddr', { value: 1 }, 'sndBuf', { value: 4096 }],
      ...['rtoInfo', { initial }, 'noDelay', { value: 1 }],
    ]);
  expect(kernel.packed).toEqual([pack(1000), pack(1000)]);
  kernel.initialRto = 500; // the operator's
  common.apply(kernel.socket);
  expect(kernel.packed.at(-1)).toEqual(pack(500));
});

test.each([
  ['no list', undefined],
  ['an unknown option', ['nonsense', { value: 1 }]],
  ['a value of another type', ['sndBuf', { value: 'much' }]],
  ['no values', ['sndBuf', 7]],
])('packOptions refuses %s', (_, list) => {
  expect(binding.packOptions(list as never)).toBe(-22);
});
