/**
 * `defaults()`: options of sockets that do not set them, under the names of the kernel's own
 * defaults (sysctl net.sctp).
 */
import type { Defaults } from '../types/defaults';
import type { SctpOptions } from '../types/options';
import { didYouMean, invalidArgValue } from './errors';
import { initialRtoFor } from './initial-rto';
import { checkOption } from './options/sctp-options';
import { readSysctl } from './sysctl';
import { checkObject, copyOf, isObject } from './validate';

type Name = keyof Defaults;

/** The option, and the field of it, that each of them sets. */
const options = {
  rto_initial: ['rtoInfo', 'initial'],
  rto_min: ['rtoInfo', 'min'],
  rto_max: ['rtoInfo', 'max'],
  valid_cookie_life: ['assocInfo', 'cookieLife'],
  association_max_retrans: ['assocInfo', 'asocMaxRxt'],
  path_max_retrans: ['peerAddrParams', 'pathMaxRxt'],
  max_init_retransmits: ['initMsg', 'maxAttempts'],
  hb_interval: ['peerAddrParams', 'hbInterval'],
  max_burst: ['maxBurst'],
  sack_timeout: ['delayedSack', 'delay'],
  sack_freq: ['delayedSack', 'freq'],
  RWND: ['rcvBuf'],
  PMTU: ['peerAddrParams', 'pathMtu'],
} as const satisfies Record<Name, readonly [keyof SctpOptions, string?]>;

const names = Object.keys(options) as Name[];
let current: Readonly<Defaults> = {};
let currentOptions: SctpOptions = {};

/**
 * Sets what sockets and servers of this thread are made with from now on; their own options take
 * precedence. Everything is checked before anything is set; undefined removes a value.
 *
 * @returns the values now: those set here, else the kernel's, where it has a sysctl
 * @throws TypeError, RangeError with Node's codes for bad arguments
 */
export function defaults(params: Defaults = {}): Readonly<Defaults> {
  const given = copyOf(checkObject('params', params), names);
  for (const [name, value] of Object.entries(given)) check(name, value);
  current = { ...current, ...given };
  currentOptions = asOptions();
  return Object.freeze(
    Object.fromEntries(
      names
        .map((name) => [name, current[name] ?? kernelsOrOurs(name)] as const)
        .filter(([, value]) => value !== undefined),
    ),
  );
}

function kernelsOrOurs(name: Name): number | undefined {
  const value = readSysctl(`net.sctp.${name}`);
  return name === 'rto_initial' ? initialRtoFor(value) : value;
}

/** The same as socket options; the same object until they are set anew. */
export function defaultOptions(): SctpOptions {
  return currentOptions;
}

function asOptions(): SctpOptions {
  return names
    .filter((name) => current[name] !== undefined)
    .reduce((merged, name) => mergeOptions(merged, asOption(name, current[name])), {});
}

/** Both, field by field; `second` takes precedence. */
export function mergeOptions(first: SctpOptions, second: SctpOptions): SctpOptions {
  const merged: Record<string, unknown> = { ...first };
  for (const [name, value] of Object.entries(second) as [string, unknown][]) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(value) ? { ...before, ...value } : value;
  }
  return merged;
}

function check(name: string, value: unknown): void {
  if (!Object.hasOwn(options, name)) {
    const reason =
      `is unknown${didYouMean(name, names)}; expected one of ${names.join(', ')}. ` +
      'Other sysctls of net.sctp apply to the whole machine';
    throw invalidArgValue(`params.${name}`, value, reason);
  }
  if (value === undefined) return;
  const [option] = options[name as Name];
  checkOption(`params.${name}`, option, asOption(name as Name, value)[option]);
}

function asOption(name: Name, value: unknown): SctpOptions {
  const [option, field] = options[name];
  return { [option]: field === undefined ? value : { [field]: value } };
}
