/**
 * A program: calls all that the addon exports with objects and arrays whose getters and setters throw,
 * or detach the memory that is passed as well. It must not crash.
 */
import { join } from 'node:path';

import type { NativeBinding } from '../../../types/native';
import { Hostile } from './random';

type Anything = (...args: unknown[]) => unknown;
type Class = new (...args: unknown[]) => Record<string, Anything>;

const path = join(process.cwd(), 'build', 'Release', 'kernel_sctp.node');
// eslint-disable-next-line @typescript-eslint/no-require-imports -- only require loads addons
const native = require(path) as NativeBinding;

let thrown = 0;

/** @param patience how many properties can be read before it throws */
function touchy(patience = 0): object {
  let left = patience;
  return new Proxy(
    {},
    {
      get: () => {
        if (left-- > 0) return undefined;
        throw new Hostile('touched');
      },
    },
  );
}

function touchyArray(first: unknown[] = []): unknown[] {
  const fail = (): never => {
    throw new Hostile('touched');
  };
  const array = [...first, 0, 0];
  for (const index of [first.length, first.length + 1]) {
    Object.defineProperty(array, index, { get: fail, set: fail });
  }
  return array;
}

function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (error instanceof Hostile) thrown++;
    else if (!(error instanceof TypeError)) throw error;
  }
}

const values: (() => unknown)[] = [
  () => touchy(),
  () => touchy(1),
  () => touchyArray(),
  () => touchyArray(['127.0.0.1', 9]),
  () => touchyArray(['peerAddrParams', {}]),
  () => ({ address: touchy() }),
  () => 'peerAddrParams',
  () => 4,
  () => true,
  () => new Uint32Array(32_768),
];

/** All lists of three. */
function* lists(): Generator<unknown[]> {
  for (const first of values) {
    for (const second of values) {
      for (const third of values) yield [first(), second(), third()];
    }
  }
}

for (const [name, member] of Object.entries(native) as [string, unknown][]) {
  if (typeof member !== 'function') continue;
  const { prototype } = member as { prototype?: object };
  if (prototype === undefined || !/^[A-Z]/.test(name)) {
    for (const list of lists()) attempt(() => (member as Anything)(...list));
    continue;
  }
  const Made = member as Class;
  for (let patience = 0; patience < 40; patience++) attempt(() => new Made(touchy(patience)));
  for (const method of Object.getOwnPropertyNames(prototype)) {
    if (method === 'constructor') continue;
    const object = new Made({});
    for (const list of lists()) attempt(() => object[method]?.(...list));
    for (let patience = 0; patience < 40; patience++) {
      attempt(() => object[method]?.(touchy(patience)));
    }
    object['close']?.();
  }
}

// The rest of what is passed changes while it is looked at.
const { makeNotification } = native as unknown as Record<string, Anything>;
const rest = new Uint8Array(64);
const fields = {
  get ssr_assoc_id(): number {
    structuredClone(rest, { transfer: [rest.buffer] });
    return 1;
  },
};
attempt(() => makeNotification?.(native.constants['SCTP_REMOTE_ERROR'], 0, fields, rest));

console.log(thrown > 0 ? 'done' : 'nothing has thrown');
process.exit();
