/** Options on a socket: check, set, get. */
import type { NativeOptionValues, NativeSocket } from '../../types/native';
import type {
  OptionInput,
  OptionName,
  OptionValues,
  SctpOptions,
  SettableOptionName,
} from '../../types/options';
import { binding } from '../binding';
import { invalidArgValue, optionError, secretArgType } from '../errors';
import { checkNames, checkObject, isObject } from '../validate';
import { type FieldKind, type Fields, isKind } from './fields';
import type { OptionRow } from './row';
import { optionNames, optionTable } from './table';

const { SCTP_ALL_ASSOC, SCTP_FUTURE_ASSOC } = binding.constants;

/** Which association is meant; a one-to-one socket has only one. */
export interface Target {
  /** The kernel's id of it. Without one, those that the row's `reach` tells. */
  readonly assocId?: number | undefined;
  /** The peer's port, for addresses that name none. */
  readonly peerPort?: number | undefined;
}

function rowOf(name: unknown): OptionRow {
  if (typeof name !== 'string' || !Object.hasOwn(optionTable, name)) {
    throw invalidArgValue('name', name, `is not an option; there are ${optionNames.join(', ')}`);
  }
  return optionTable[name as OptionName];
}

/** The struct's fields, checked and in the kernel's numbers; only those that were given. */
function toNative(
  row: OptionRow,
  name: string,
  value: unknown,
  { peerPort }: Target = {},
): NativeOptionValues {
  if (row.readOnly) throw invalidArgValue(name, value, 'can only be read');
  if (isKind(row.fields)) return { value: row.fields.toNative(name, value, peerPort) };
  if (!isObject(value) && hasSecret(row)) throw secretArgType(name, 'of type object', value);
  const given = checkObject(name, value);
  checkNames(name, given, Object.keys(row.fields));
  row.check?.(name, given);
  const native = fieldsToNative(row.fields, name, given, peerPort);
  return row.flags ? { ...native, flags: row.flags(given) } : native;
}

function fieldsToNative(
  fields: Fields,
  name: string,
  given: Record<string, unknown>,
  peerPort: number | undefined,
): NativeOptionValues {
  const native: NativeOptionValues = {};
  for (const [field, kind] of Object.entries(fields)) {
    if (given[field] !== undefined && isKind(kind)) {
      native[kind.native ?? field] = kind.toNative(`${name}.${field}`, given[field], peerPort);
    }
  }
  return native;
}

/** What `getOption` was told to look at. */
function argumentsToNative(
  row: OptionRow,
  option: string,
  args: unknown,
  { peerPort }: Target,
): NativeOptionValues {
  const known = row.arguments ?? {};
  const given = args === undefined ? {} : checkObject('args', args);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) {
      throw invalidArgValue(`args.${name}`, given[name], `says nothing to ${option}`);
    }
  }
  for (const [name, need] of Object.entries(known)) {
    if (need === 'needed' && given[name] === undefined) {
      throw invalidArgValue(`args.${name}`, given[name], `must be given for ${option}`);
    }
  }
  return isKind(row.fields) ? {} : fieldsToNative(row.fields, 'args', given, peerPort);
}

/** @param name of the native field, or of the struct that the fields are in */
function fromNative(fields: FieldKind | Fields, values: NativeOptionValues, name: string): unknown {
  if (isKind(fields)) {
    const value = values[fields.native ?? name];
    return value === undefined ? undefined : fields.fromNative(value, values);
  }
  const entries = Object.entries(fields).map(([field, kind]) => [
    field,
    fromNative(kind, values, nativeName(name, field)),
  ]);
  return withoutUndefined(Object.fromEntries(entries) as Record<string, unknown>);
}

/** `primary`, `state` → `primaryState` */
export function nativeName(struct: string, field: string): string {
  return struct === '' ? field : `${struct}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
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
    checkForNewSocket(`${name}.${option}`, option as OptionName, value);
    options[option] = keep(rowOf(option).fields, value);
  }
  return options;
}

/** A socket that is yet to be opened has no association, and no peer's addresses. */
function checkForNewSocket(label: string, option: OptionName, value: unknown): void {
  const row = rowOf(option);
  checkOption(label, option, value);
  if (row.reach === 'one') {
    throw invalidArgValue(label, value, 'needs an association: set it when there is one');
  }
  for (const argument of Object.keys(row.arguments ?? {})) {
    const given = isObject(value) ? value[argument] : undefined;
    if (given !== undefined) {
      throw invalidArgValue(
        `${label}.${argument}`,
        given,
        'needs an association: set it when there is one',
      );
    }
  }
}

/** The caller may change, or wipe, what was given. */
function keep(fields: FieldKind | Fields, value: unknown): unknown {
  if (isKind(fields)) return fields.keep ? fields.keep(value) : value;
  const kept = withoutUndefined(value as Record<string, unknown>);
  for (const [field, kind] of Object.entries(fields)) {
    if (isKind(kind) && kind.keep && field in kept) kept[field] = kind.keep(kept[field]);
  }
  return kept;
}

function hasSecret({ fields }: OptionRow): boolean {
  return !isKind(fields) && Object.values(fields).some((kind) => isKind(kind) && kind.isSecret);
}

/** What errors may tell of a value. */
function withoutSecrets({ fields }: OptionRow, value: unknown): unknown {
  if (isKind(fields) || !isObject(value)) return value;
  const isShown = ([field]: [string, unknown]): boolean => {
    const kind = fields[field];
    return kind === undefined || !isKind(kind) || kind.isSecret !== true;
  };
  return Object.fromEntries(Object.entries(value).filter(isShown));
}

/** What is given as undefined is not given, and must not displace a default. */
function withoutUndefined(bag: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined));
}

/** @param args what to look at, where there is a choice: `{ address }` */
export function getOption<Name extends OptionName>(
  socket: NativeSocket,
  name: Name,
  args?: unknown,
  target: Target = {},
): OptionValues[Name] {
  const row = rowOf(name);
  if (row.writeOnly) throw invalidArgValue('name', name, 'can only be set');
  const values = socket.getOption(name, {
    ...argumentsToNative(row, name, args, target),
    ...associations(row, target, SCTP_FUTURE_ASSOC),
  });
  if (typeof values === 'number') {
    throw optionError('getOption', name, undefined, values, row.remedy ?? '');
  }
  return fromNative(row.fields, values, isKind(row.fields) ? 'value' : '') as OptionValues[Name];
}

export function setOption<Name extends SettableOptionName>(
  socket: NativeSocket,
  name: Name,
  value: OptionInput<Name>,
  target: Target = {},
): void {
  const row = rowOf(name);
  const native = toNative(row, name, value, target);
  const kept = row.keepsByReading
    ? toNative(row, name, getOption(socket, name, undefined, target))
    : {};
  const disturbed = row.disturbs && getOption(socket, row.disturbs, undefined, target);

  const all = { ...kept, ...native, ...associations(row, target, SCTP_ALL_ASSOC) };
  const parts = row.each
    ? Array.from(all['value'] as Uint8Array, (item) => ({ value: item }))
    : [all];
  for (const part of parts) {
    const errno = socket.setOption(name, part);
    if (errno < 0) {
      throw optionError('setOption', name, withoutSecrets(row, value), errno, row.remedy ?? '');
    }
  }
  if (row.disturbs && disturbed !== undefined) {
    setOption(socket, row.disturbs, disturbed as never, target);
  }
}

/** The struct's association field: which associations are meant, where the kernel asks. */
function associations(
  row: OptionRow,
  { assocId }: Target,
  whereAllowed: number,
): NativeOptionValues {
  if (row.reach === 'none') return {};
  return { assocId: assocId ?? (row.reach === 'all' ? whereAllowed : SCTP_FUTURE_ASSOC) };
}

/** Sets checked options on a new socket, in the table's order. */
export function applyOptions(
  socket: NativeSocket,
  options: SctpOptions,
  when: 'opened' | 'bound' = 'opened',
): void {
  applyThose(socket, options, (row) => (row.when ?? 'opened') === when);
}

/** What the kernel forgets when it accepts an association: to be set on the accepted socket. */
export function reapplyOptions(socket: NativeSocket, options: SctpOptions): void {
  applyThose(socket, options, (row) => row.reapplied === true);
}

function applyThose(
  socket: NativeSocket,
  options: SctpOptions,
  isMeant: (row: OptionRow) => boolean,
): void {
  for (const name of optionNames as (keyof SctpOptions)[]) {
    const value = options[name];
    if (value !== undefined && isMeant(optionTable[name])) {
      setOption(socket, name, value as never);
    }
  }
}
