/** Values of options as users have them, checked, and as the kernel's structs have them. */
import type { NativeOptionValues } from '../../types/native-values';
import type { OptionName } from '../../types/options';
import { didYouMean, invalidArgValue, secretArgType } from '../errors';
import { checkProperties, checkObject, copyOf, isObject } from '../validate';
import { type FieldKind, type Fields, isKind, type Ports } from './fields';
import type { OptionRow } from './row';
import { optionNames, optionTable } from './table';

/** @param use what it is for: an error lists the names that can be used for that */
export function rowOf(name: unknown, use?: 'get' | 'set'): OptionRow {
  if (typeof name !== 'string' || !Object.hasOwn(optionTable, name)) {
    const unusable = use && ({ get: 'writeOnly', set: 'readOnly' } as const)[use];
    const known = optionNames.filter((each) => !(unusable && optionTable[each][unusable]));
    const hint = didYouMean(name, optionNames);
    throw invalidArgValue(
      'name',
      name,
      `is not an option${hint}; expected one of ${known.join(', ')}`,
    );
  }
  return optionTable[name as OptionName];
}

/**
 * A value for an option; a struct is copied. `label` is the user's name for it. Fields are checked
 * by `toNative`.
 */
export function checked(row: OptionRow, label: string, value: unknown): unknown {
  if (row.readOnly) throw invalidArgValue(label, value, 'can only be read');
  if (isKind(row.fields)) return value;
  if (!isObject(value) && hasSecret(row)) throw secretArgType(label, 'of type object', value);
  return withoutUndefined(checkProperties(label, value, Object.keys(row.fields)));
}

/** The struct's fields as the kernel has them; only those that the value has. */
export function toNative(
  row: OptionRow,
  label: string,
  value: unknown,
  ports: Ports = {},
): NativeOptionValues {
  const given = isKind(row.fields) ? {} : (value as Record<string, unknown>);
  const native = isKind(row.fields)
    ? { value: row.fields.toNative(label, value, ports) }
    : fieldsToNative(row.fields, label, given, ports);
  return row.flags ? { ...native, flags: row.flags(given) } : native;
}

function fieldsToNative(
  fields: Fields,
  label: string,
  given: Record<string, unknown>,
  ports: Ports,
): NativeOptionValues {
  const native: NativeOptionValues = {};
  for (const [field, kind] of Object.entries(fields)) {
    if (given[field] === undefined || !isKind(kind)) continue;
    const value = kind.toNative(`${label}.${field}`, given[field], ports);
    const place = kind.native ?? field;
    const others = native[place];
    // Switches may share a number.
    native[place] = others === undefined ? value : Number(others) | Number(value);
  }
  return native;
}

/** What `getOption` is to look at. */
export function argumentsToNative(
  row: OptionRow,
  option: string,
  args: unknown,
  ports: Ports,
): NativeOptionValues {
  const known = row.arguments ?? {};
  const names = Object.keys(known);
  const given = args === undefined ? {} : copyOf(checkObject('args', args), names);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) {
      throw invalidArgValue(`args.${name}`, given[name], `does not apply to ${option}`);
    }
  }
  for (const [name, need] of Object.entries(known)) {
    if (need === 'needed' && given[name] === undefined) {
      const reason = `must be given: getOption('${option}', { ${name}: … })`;
      throw invalidArgValue(`args.${name}`, given[name], reason);
    }
  }
  return isKind(row.fields) ? {} : fieldsToNative(row.fields, 'args', given, ports);
}

/** @param name of the native field, or of the struct that the fields are in */
export function fromNative(
  fields: FieldKind | Fields,
  values: NativeOptionValues,
  name: string,
): unknown {
  if (isKind(fields)) {
    const value = values[fields.native ?? name];
    return value === undefined ? undefined : fields.fromNative(value, values);
  }
  // Plain, since a peer may have thousands of paths to read.
  const struct: Record<string, unknown> = {};
  for (const field of Object.keys(fields)) {
    const kind = fields[field] as FieldKind | Fields;
    const value = fromNative(kind, values, nativeName(name, field));
    if (value !== undefined) struct[field] = value;
  }
  return struct;
}

/** `primary`, `state` → `primaryState` */
export function nativeName(struct: string, field: string): string {
  return struct === '' ? field : `${struct}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}

export function hasSecret({ fields }: OptionRow): boolean {
  return !isKind(fields) && Object.values(fields).some((kind) => isKind(kind) && kind.isSecret);
}

/** What errors may show of a value. */
export function withoutSecrets({ fields }: OptionRow, value: unknown): unknown {
  if (isKind(fields) || !isObject(value)) return value;
  const isShown = ([field]: [string, unknown]): boolean => {
    const kind = fields[field];
    return kind === undefined || !isKind(kind) || kind.isSecret !== true;
  };
  return Object.fromEntries(Object.entries(value).filter(isShown));
}

/** undefined stands for "not given": it must not replace a default. */
export function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
