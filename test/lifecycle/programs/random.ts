/** Random choices that a seed repeats, and values that no function expects. */

/** What hostile values throw when they are touched. */
export class Hostile extends Error {}

/** Whether an error comes from a hostile value. */
export function isHostile(error: unknown): boolean {
  return (
    error instanceof Hostile || (error instanceof TypeError && error.message.includes('revoked'))
  );
}

function hostile(): never {
  throw new Hostile('touched');
}

export class Random {
  readonly seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  #state = this.seed;

  /** 0 to limit - 1. */
  below(limit: number): number {
    this.#state = (this.#state * 1103515245 + 12345) % 0x80000000;
    return (this.#state >> 8) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** A value made again. */
  junk(): unknown {
    return this.pick(JUNK)();
  }

  /** An integer that may just fit somewhere, or just not. */
  integer(): number {
    const power = 2 ** this.pick([0, 1, 3, 8, 16, 31, 32, 53]);
    return this.pick([1, 1, 1, -1]) * (power + this.below(3) - 1);
  }
}

const throwingTraps: ProxyHandler<object> = {
  get: hostile,
  has: hostile,
  ownKeys: hostile,
  getPrototypeOf: hostile,
  getOwnPropertyDescriptor: hostile,
};

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(16);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function detachedView(View: new (buffer: ArrayBuffer) => ArrayBufferView): ArrayBufferView {
  const buffer = new ArrayBuffer(16);
  const view = new View(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return view;
}

type Resizable = ArrayBuffer & { resize(length: number): void };
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => Resizable;

/** A view on memory that has shrunk since: part of it, or all, is out of bounds. */
function shrunken(make: (buffer: Resizable) => unknown, length: number): unknown {
  const buffer = new ResizableBuffer(64, { maxByteLength: 128 });
  const view = make(buffer);
  buffer.resize(length);
  return view;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const JUNK: readonly (() => unknown)[] = [
  ...[undefined, null, true, false, NaN, Infinity, -Infinity, -1, -0, 0, 1, 1.5].map(
    (x) => () => x,
  ),
  ...[255, 65535, 65536, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e300, 1n, 2n ** 64n].map(
    (x) => () => x,
  ),
  ...['', ' ', 'a', '0', '127.0.0.1', '::1', '127.0.0.1\0', '\ud800', '::1%lo', '1e3'].map(
    (x) => () => x,
  ),
  () => 'long'.repeat(100_000),
  () => Symbol('junk'),
  () => Symbol.iterator,
  () => ({}),
  () => [],
  () => [1, 2, 3],
  () => Object.create(null) as unknown,
  () => Object.freeze({ length: -1 }),
  () => () => undefined,
  () => new Date(NaN),
  () => new Map([[1, 2]]),
  () => Promise.resolve(1),
  () => new Error('an error'),
  () => new Number(1),
  () => globalThis,
  () => process,
  () => new Proxy({}, throwingTraps),
  () => new Proxy(() => undefined, {}),
  () => revoked({}),
  () => revoked(() => undefined),
  () => ({ toString: hostile, valueOf: hostile, [Symbol.toPrimitive]: hostile }),
  () => ({
    get address() {
      return hostile();
    },
    get host() {
      return hostile();
    },
    get value() {
      return hostile();
    },
  }),
  () => new ArrayBuffer(16),
  detached,
  () => new SharedArrayBuffer(16),
  () => new Uint8Array(0),
  () => new Uint8Array(new SharedArrayBuffer(16), 8),
  () => new Float64Array(3),
  () => new BigInt64Array(3),
  () => new DataView(new ArrayBuffer(16), 4),
  () => new DataView(new SharedArrayBuffer(16), 16),
  () => Buffer.from('a buffer'),
  () => Buffer.alloc(100_000),
  () => Buffer.from('a piece of the pool').subarray(2, 5),
  () => detachedView(Uint8Array),
  () => detachedView(DataView),
  () => detachedView(Float32Array),
  () => new ResizableBuffer(8, { maxByteLength: 64 }),
  () => shrunken((buffer) => new Uint8Array(buffer), 8),
  () => shrunken((buffer) => new Uint8Array(buffer, 16, 32), 8),
  () => shrunken((buffer) => new DataView(buffer), 0),
  () => shrunken((buffer) => new DataView(buffer, 32, 32), 40),
];
