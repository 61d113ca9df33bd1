/** Options that several sockets have in common: put together once, without keys, and never changed. */
import type { SctpOptions } from '../../types/options';

const common = new WeakSet<object>();

export function markCommon(options: SctpOptions): SctpOptions {
  common.add(Object.freeze(options));
  return options;
}

export function isCommon(options: object): boolean {
  return common.has(options);
}
