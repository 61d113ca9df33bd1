/** Random values for every option: each is taken or refused with an error that names it. */
import { connect, open, type OptionName, type SctpOptions, Socket } from 'kernel-sctp';

import { isKind } from '#lib/options/fields';
import { optionNames, optionTable } from '#lib/options/table';

import { closing } from '../support/cleanup';
import { Inbox } from '../support/inbox';
import { describeSctp } from '../support/sctp';
import { connectedPair, destroying } from '../support/sockets';

const ROUNDS = 12;

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Values {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** Of any kind, mostly at the ends of ranges. */
  any(): unknown {
    const makers: (() => unknown)[] = [
      () =>
        this.pick([-1, 0, 1, 2, 255, 256, 511, 512, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 53]),
      () => this.below(2 ** 32),
      () => this.below(1000),
      () => this.pick([NaN, Infinity, -Infinity, 0.5, -0]),
      () => this.pick([true, false]),
      () =>
        this.pick([undefined, null, '', 'x'.repeat(this.below(2000)), '127.0.0.1', 'ttl', 'rr']),
      () => this.pick([0n, Symbol('s'), () => 1, [], [1, 'data', 300], new Date()]),
      () => Buffer.alloc(this.below(70_000)),
      () => ({ address: this.pick(['127.0.0.1', '::1', 'nowhere', 7]), port: this.any() }),
      () => Object.create(null) as unknown,
      () => new Proxy({}, { get: () => 7, ownKeys: () => ['min'] }),
    ];
    return this.pick(makers)();
  }

  /** With the right names for its fields, or some that are none. */
  for(name: OptionName): unknown {
    const { fields } = optionTable[name];
    if (isKind(fields) || this.below(4) === 0) return this.any();
    const names = [...Object.keys(fields), ...(this.below(8) === 0 ? ['misspelt'] : [])];
    const given = names.filter(() => this.below(2) === 0);
    return Object.fromEntries(given.map((field) => [field, this.any()]));
  }
}

/** What is thrown must be one of our errors, or Node's for arguments. */
function attempt(what: string, call: () => unknown): void {
  try {
    call();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isOurs =
      code === 'ERR_SCTP_OPTION' ||
      code === 'ERR_SOCKET_BAD_PORT' ||
      code === 'ERR_OUT_OF_RANGE' ||
      code === 'ERR_MISSING_ARGS' ||
      String(code).startsWith('ERR_INVALID_');
    if (!isOurs) throw new Error(`${what}: ${String(code)} ${message}`, { cause: error });
  }
}

/** Fails with the seed, so that it can be tried again: SEED=… */
async function fuzz(work: (values: Values) => Promise<void> | void): Promise<void> {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  try {
    await work(new Values(seed));
  } catch (error) {
    throw new Error(`with SEED=${String(seed)}: ${String(error)}`, { cause: error });
  }
}

// These would end the test, not the socket: no packet gets through any more.
const CUTS_OFF: readonly OptionName[] = ['mark', 'bindToDevice'];

type Setter = (name: OptionName, value: unknown) => void;
type Getter = (name: OptionName, args: unknown) => unknown;

function tryAll(values: Values, set: Setter, get: Getter): void {
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of optionNames) {
      if (CUTS_OFF.includes(name)) continue;
      attempt(`set ${name}`, () => {
        set(name, values.for(name));
      });
      attempt(`get ${name}`, () =>
        get(name, values.pick([undefined, values.for(name), values.any()])),
      );
    }
  }
}

describeSctp('random values', () => {
  test('for the options of an open handle, which lives on', async () => {
    await fuzz(async (values) => {
      const inbox = new Inbox();
      const peer = closing(open({ host: '127.0.0.1' }, inbox.onRecv));
      const handle = closing(open({ host: '127.0.0.1' }, () => undefined));
      handle.send(Buffer.from('before'), '127.0.0.1', peer.address().port);
      await inbox.waitForMessages(1);
      const { setOption, getOption } = handle as unknown as {
        setOption: Setter;
        getOption: Getter;
      };
      tryAll(values, setOption, getOption);
      expect(handle.address().address).toBe('127.0.0.1');
      // Whatever they were set to, they can be set to something sound again.
      handle.setOption('rtoInfo', { initial: 250, min: 200, max: 5000 });
      handle.setOption('defaultPrInfo', { policy: 'none', value: 0 });
      expect(handle.getOption('rtoInfo')).toEqual({ initial: 250, min: 200, max: 5000 });
      expect(handle.getOption('defaultPrInfo').policy).toBe('none');
    });
  });

  test('for the options of a connected socket, and of one whose association is gone', async () => {
    await fuzz(async (values) => {
      const { client, peer } = await connectedPair();
      for (const end of [client, peer]) end.on('error', () => undefined).resume();
      const { setOption, getOption } = client as unknown as {
        setOption: Setter;
        getOption: Getter;
      };
      tryAll(values, setOption.bind(client), getOption.bind(client));
      client.resetAndDestroy();
      for (const name of optionNames) {
        for (const call of [
          () => {
            setOption.call(client, name, values.for(name));
          },
          () => getOption.call(client, name, values.any()),
        ]) {
          let code: unknown;
          try {
            call();
          } catch (error) {
            code = (error as NodeJS.ErrnoException).code;
          }
          expect({ name, code }).toEqual({ name, code: expect.stringMatching(/^ERR_/) as string });
        }
      }
    });
  });

  test('for the options that sockets are made with: refused before anything is opened', async () => {
    await fuzz((values) => {
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of optionNames) {
          const sctp = { [name]: values.for(name) } as SctpOptions;
          attempt(`new Socket ${name}`, () => destroying(new Socket({ sctp })));
          attempt(`connect ${name}`, () => {
            const socket = destroying(connect({ host: '127.0.0.1', port: 9, sctp }));
            socket.on('error', () => undefined).destroy();
          });
          attempt(`open ${name}`, () => {
            open({ host: '127.0.0.1', sctp }, () => undefined).close();
          });
        }
      }
    });
  });
});
