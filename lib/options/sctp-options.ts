/** The `sctp` option of constructors, an object of socket options: checked at once. */
import type { OptionName, SctpOptions } from '../../types/options';
import { didYouMean, invalidArgValue } from '../errors';
import { readSysctl } from '../sysctl';
import { checkObject, copyOf, isObject } from '../validate';
import { checked, rowOf, toNative, withoutSecrets, withoutUndefined } from './codec';
import { isOn } from './conditions';
import { type FieldKind, type Fields, isKind } from './fields';
import type { OptionRow, Style } from './row';
import { optionNames, optionTable } from './table';

/**
 * Checks a value for an option without touching a socket. `label` is the user's name for it.
 *
 * @returns what was checked: a struct's copy, with what it inherits
 */
export function checkOption(label: string, option: OptionName, value: unknown): unknown {
  const row = rowOf(option);
  const given = checked(row, label, value);
  toNative(row, label, given);
  if (!isKind(row.fields)) row.check?.(label, given as Record<string, unknown>);
  return given;
}

/** Checks options without touching a socket. */
export function checkOptions(name: string, value: unknown, style: Style): SctpOptions {
  if (value === undefined) return {};
  const options = withoutUndefined(copyOf(checkObject(name, value), optionNames));
  for (const [option, given] of Object.entries(options)) {
    const label = `${name}.${option}`;
    if (!Object.hasOwn(optionTable, option)) throw unknownOption(label, option, style);
    const copy = checkForNewSocket(label, option as OptionName, given, style);
    options[option] = keep(rowOf(option).fields, copy);
  }
  return options;
}

const EARLY = 'needs an association: set it when there is one';

/** A socket that is not open yet has no association, and no peer's addresses. */
function checkForNewSocket(
  label: string,
  option: OptionName,
  value: unknown,
  style: Style,
): unknown {
  const row = rowOf(option);
  const obstacle = obstacleOf(row, style);
  if (obstacle !== undefined) throw invalidArgValue(label, withoutSecrets(row, value), obstacle);
  const copy = checkOption(label, option, value);
  for (const argument of Object.keys(row.arguments ?? {})) {
    const given = isObject(copy) ? copy[argument] : undefined;
    if (given !== undefined) throw invalidArgValue(`${label}.${argument}`, given, EARLY);
  }
  return copy;
}

/** Why new sockets of this style cannot have an option, whatever its value. */
function obstacleOf({ style: only, reach, readOnly }: OptionRow, style: Style): string | undefined {
  if (readOnly) return 'can only be read';
  if (only && only.only !== style) return `exists on ${only.only} sockets only; ${only.instead}`;
  return reach === 'one' || reach === 'present' ? EARLY : undefined;
}

function unknownOption(label: string, option: string, style: Style): Error {
  const usable = optionNames.filter((name) => obstacleOf(optionTable[name], style) === undefined);
  const hint = didYouMean(option, optionNames);
  return invalidArgValue(label, option, `is unknown${hint}; expected one of ${usable.join(', ')}`);
}

/** The caller may change, or wipe, what was given. */
function keep(fields: FieldKind | Fields, value: unknown): unknown {
  if (isKind(fields)) return fields.keep ? fields.keep(value) : value;
  const kept = { ...(value as Record<string, unknown>) };
  for (const [field, kind] of Object.entries(fields)) {
    if (isKind(kind) && kind.keep && field in kept) kept[field] = kind.keep(kept[field]);
  }
  return kept;
}

/**
 * Dynamic addresses by one switch: changes must be authenticated (RFC 5061 §4.1.1), so SCTP-AUTH is
 * implied unless it is set.
 */
export function withImplied(options: SctpOptions): SctpOptions {
  const isDynamic = options.asconfSupported ?? options.autoAsconf;
  return isDynamic ? { asconfSupported: true, authSupported: true, ...options } : options;
}

/** Checks that options, together with the kernel's defaults, have the others that they need. */
export function checkNeeds(name: string, options: SctpOptions): void {
  for (const [option, value] of Object.entries(options)) {
    if (!isOn(value)) continue;
    for (const need of optionTable[option as OptionName].needs ?? []) {
      const given = options[need.option];
      const has =
        given ?? (need.sysctl !== undefined && readSysctl(`net.sctp.${need.sysctl}`) === 1);
      if (has) continue;
      const or = need.sysctl === undefined ? '' : ` (or net.sctp.${need.sysctl}=1)`;
      throw invalidArgValue(`${name}.${option}`, value, `needs ${need.option}: true${or}`);
    }
  }
}

/** Options that are set once bound need a socket that is bound to every address. */
export function checkLocalHosts(
  name: string,
  options: SctpOptions,
  hosts: readonly string[],
): void {
  const narrow = hosts.find((host) => host !== '::' && host !== '0.0.0.0');
  if (narrow === undefined) return;
  for (const [option, value] of Object.entries(options)) {
    if (optionTable[option as OptionName].when !== 'bound' || !isOn(value)) continue;
    const reason = `needs a socket that is bound to every address, and not to ${narrow}`;
    throw invalidArgValue(`${name}.${option}`, value, reason);
  }
}
