/** Options on a socket: check, set, get. */
import type { NativeOptionValues, NativeSocket } from '../../types/native';
import type { OptionInput, OptionName, OptionValues, SctpOptions } from '../../types/options';
import { binding } from '../binding';
import { invalidArgValue, optionError } from '../errors';
import { checkNames, checkObject, isObject } from '../validate';
import type { FieldKind } from './fields';
import { optionNames, type OptionRow, optionTable } from './table';

const { SCTP_ALL_ASSOC, SCTP_FUTURE_ASSOC } = binding.constants;

function isPlain(fields: OptionRow['fields']): fields is FieldKind {
  return typeof (fields as FieldKind).toNative === 'function';
}

function rowOf(name: unknown): OptionRow {
  if (typeof name !== 'string' || !Object.hasOwn(optionTable, name)) {
    throw invalidArgValue('name', name, `is not an option; there are ${optionNames.join(', ')}`);
  }
  return optionTable[name as OptionName];
}

/** The struct's fields, checked and in the kernel's numbers; only those that were given. */
function toNative(row: OptionRow, name: string, value: unknown): NativeOptionValues {
  if (isPlain(row.fields)) return { value: row.fields.toNative(name, value) };
  const given = checkObject(name, value);
  checkNames(name, given, Object.keys(row.fields));
  row.check?.(name, given);
  const native: NativeOptionValues = {};
  for (const [field, kind] of Object.entries(row.fields)) {
    if (given[field] !== undefined) {
      native[kind.native ?? field] = kind.toNative(`${name}.${field}`, given[field]);
    }
  }
  return native;
}

function fromNative(row: OptionRow, values: NativeOptionValues): unknown {
  if (isPlain(row.fields)) return row.fields.fromNative(values['value'] as number);
  const entries = Object.entries(row.fields).map(([field, kind]) => [
    field,
    kind.fromNative(values[kind.native ?? field] as number),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** Checks a value for an option without touching a socket. `label` is what the user calls it. */
export function checkOption(label: string, option: OptionName, value: unknown): void {
  toNative(rowOf(option), label, value);
}

/** Checks a bag of options without touching a socket. */
export function checkOptions(name: string, bag: unknown): SctpOptions {
  if (bag === undefined) return {};
  const options = withoutUndefined(checkObject(name, bag));
  checkNames(name, options, optionNames);
  for (const [option, value] of Object.entries(options)) {
    checkOption(`${name}.${option}`, option as OptionName, value);
    if (isObject(value)) options[option] = withoutUndefined(value);
  }
  return options;
}

/** What is given as undefined is not given, and must not displace a default. */
function withoutUndefined(bag: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined));
}

export function getOption<Name extends OptionName>(
  socket: NativeSocket,
  name: Name,
): OptionValues[Name] {
  const row = rowOf(name);
  const values = socket.getOption(name, associations(row, SCTP_FUTURE_ASSOC));
  if (typeof values === 'number') {
    throw optionError('getOption', name, undefined, values, row.remedy ?? '');
  }
  return fromNative(row, values) as OptionValues[Name];
}

export function setOption<Name extends OptionName>(
  socket: NativeSocket,
  name: Name,
  value: OptionInput<Name>,
): void {
  const row = rowOf(name);
  const native = toNative(row, name, value);
  const kept = row.keepsByReading ? toNative(row, name, getOption(socket, name)) : {};
  const disturbed = row.disturbs && getOption(socket, row.disturbs);

  const all = { ...kept, ...native, ...associations(row, SCTP_ALL_ASSOC) };
  const errno = socket.setOption(name, all);
  if (errno < 0) throw optionError('setOption', name, value, errno, row.remedy ?? '');
  if (row.disturbs && disturbed !== undefined) setOption(socket, row.disturbs, disturbed);
}

/** The struct's association field: which associations are meant, where the kernel asks. */
function associations(row: OptionRow, whereAllowed: number): NativeOptionValues {
  if (row.reach === 'none') return {};
  return { assocId: row.reach === 'all' ? whereAllowed : SCTP_FUTURE_ASSOC };
}

/** Sets checked options on a new socket, in the table's order. */
export function applyOptions(socket: NativeSocket, options: SctpOptions): void {
  for (const name of optionNames) {
    const value = options[name];
    if (value !== undefined) setOption(socket, name, value as never);
  }
}
