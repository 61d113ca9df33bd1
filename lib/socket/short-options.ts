/** Options of sockets that are short for options in `sctp`, some by older names. */
import type { SctpOptions } from '../../types/options';
import type { SocketOptions } from '../../types/socket';
import { mergeOptions } from '../defaults';
import { invalidArgType, invalidArgValue, show } from '../errors';
import { checkOption, checkOptions } from '../options/sctp-options';
import { optionNames } from '../options/table';
import { checkPpid } from '../protocols/ppid';
import { checkInteger, checkObject, copyOf, isGiven, UINT16 } from '../validate';

type Options = Partial<Record<keyof SocketOptions, unknown>>;

/** All given socket options, checked. The short ones take precedence over `sctp`. */
export function givenOptions(options: Options): SctpOptions {
  const sctp = checkObject('options.sctp', options.sctp ?? {});
  const { sack, ...rest } = copyOf(sctp, ['sack', ...optionNames]);
  const full = checkOptions('options.sctp', rest, 'one-to-one');
  const short = {
    ...initMsg(options),
    ...delayedSack(options.sack, sack, rest['delayedSack']),
    ...defaultSndInfo(options),
    ...noDelay(options),
    ...dscp(options),
  };
  checkAgree(options, full, short);
  return mergeOptions(full, short);
}

/** Short options, and where in `sctp` the same is said. (`noDelay` comes from http unasked.) */
const SHORT = [
  ['OS', 'initMsg', 'numOstreams'],
  ['MIS', 'initMsg', 'maxInstreams'],
  ['ppid', 'defaultSndInfo', 'ppid'],
  ['protocol', 'defaultSndInfo', 'ppid'],
  ['typeOfService', 'dscp'],
] as const satisfies readonly (readonly [keyof SocketOptions, keyof SctpOptions, string?])[];

/** All that say something of SCTP's. */
export const sctpOptionNames: readonly (keyof SocketOptions)[] = [
  ...(['sctp', 'sack', 'noDelay', 'keepAlive', 'keepAliveInitialDelay'] as const),
  ...SHORT.map(([name]) => name),
];

/** Refuses two values for one thing: one would be ignored. */
function checkAgree(options: Options, full: SctpOptions, short: SctpOptions): void {
  for (const [name, option, field] of SHORT) {
    const value = options[name];
    const one = valueIn(short, option, field);
    const other = valueIn(full, option, field);
    if (!isGiven(value) || one === undefined || other === undefined || one === other) continue;
    const place = ['options.sctp', option, ...(field === undefined ? [] : [field])].join('.');
    throw invalidArgValue(
      `options.${name}`,
      value,
      `contradicts ${place} (${show(other)}): give one`,
    );
  }
}

function valueIn(options: SctpOptions, option: keyof SctpOptions, field?: string): unknown {
  const value: unknown = options[option];
  return field === undefined ? value : (value as Record<string, unknown> | undefined)?.[field];
}

function noDelay({ noDelay: value }: Options): SctpOptions {
  return isGiven(value) ? { noDelay: Boolean(value) } : {};
}

function dscp({ typeOfService: value }: Options): SctpOptions {
  return value === undefined ? {} : { dscp: dscpOf('options.typeOfService', value) };
}

/** The DSCP of a Type of Service as `net` has it, whose other two bits are the kernel's (RFC 3168 §5). */
export function dscpOf(name: string, tos: unknown): number {
  if (Number.isNaN(tos)) throw invalidArgType(name, 'of type number', tos); // as `net` does
  return checkInteger(name, tos, 0, 255) >> 2;
}

function initMsg({ OS, MIS }: Options): SctpOptions {
  if (OS === undefined && MIS === undefined) return {};
  return {
    initMsg: {
      ...(OS !== undefined && { numOstreams: checkInteger('options.OS', OS, 1, UINT16) }),
      ...(MIS !== undefined && { maxInstreams: checkInteger('options.MIS', MIS, 1, UINT16) }),
    },
  };
}

/** `sack`, `sctp.sack` and `sctp.delayedSack` are three names of one thing. */
function delayedSack(short: unknown, older: unknown, full: unknown): SctpOptions {
  const [given, another] = Object.entries({
    'options.sctp.delayedSack': full,
    'options.sctp.sack': older,
    'options.sack': short,
  }).filter(([, value]) => value !== undefined);
  if (given === undefined) return {};
  const [name, value] = given;
  if (another) throw invalidArgValue(another[0], another[1], `says the same as ${name}: give one`);
  return { delayedSack: checkOption(name, 'delayedSack', value) as object };
}

/** What URLs and their like have under this name: 'http:', 'https:'. HTTP agents hand it over. */
const URL_SCHEME = /^[a-z][a-z\d+.-]*:$/i;

/** `ppid` and `protocol` are two names of one thing. */
function defaultSndInfo({ ppid, protocol: given }: Options): SctpOptions {
  const isScheme = typeof given === 'string' && URL_SCHEME.test(given);
  const protocol = isScheme || given === null ? undefined : given;
  const numbers = Object.entries({ ppid, protocol })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => checkPpid(`options.${name}`, value));
  const [number, another = number] = numbers;
  if (another !== number) {
    throw invalidArgValue('options.protocol', protocol, 'contradicts options.ppid: give one');
  }
  return number === undefined ? {} : { defaultSndInfo: { ppid: number } };
}
