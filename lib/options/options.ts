/** An option of an open socket: set, get. */
import { constants as os } from 'node:os';

import type { NativeSocket } from '../../types/native';
import type { NativeOptionValues } from '../../types/native-values';
import type {
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../types/options';
import { constants } from '../constants';
import { errnoName, invalidArgValue, optionError } from '../errors';
import {
  argumentsToNative,
  checked,
  fromNative,
  hasSecret,
  rowOf,
  toNative,
  withoutSecrets,
} from './codec';
import { checkStyle, checkTime, isOn, missingNeed } from './conditions';
import { isKind, type Ports } from './fields';
import type { OptionRow, Style } from './row';

const { ENOPROTOOPT } = os.errno;
const { SCTP_ALL_ASSOC, SCTP_CURRENT_ASSOC, SCTP_FUTURE_ASSOC } = constants;

/** A descriptor, or one association on it. */
export type OptionHolder = Pick<NativeSocket, 'getOption' | 'setOption'>;

/** What the option applies to. The ports are for addresses that have none. */
export interface Target extends Ports {
  /** The kernel's id of an association. Without one, those of the row's `reach`. */
  readonly assocId?: number | undefined;
  /** How the socket is open to its user: bound, and if one-to-one, associated. */
  readonly style?: Style;
}

/** @param args what to look at, where there is a choice: `{ address }` */
export function getOption<Name extends ReadableOptionName>(
  socket: OptionHolder,
  name: Name,
  args?: unknown,
  target: Target = {},
): OptionValues[Name] {
  const row = rowOf(name, 'get');
  if (row.writeOnly) throw invalidArgValue('name', name, 'can only be set');
  const which = argumentsToNative(row, name, args, target);
  checkStyle(row, name, target.style);
  const values = read(socket, row, name, { ...which, ...associations(row, target, 'get') });
  if (typeof values === 'number') throw refused('getOption', row, name, undefined, values);
  return fromNative(row.fields, values, isKind(row.fields) ? 'value' : '') as OptionValues[Name];
}

/** As `getOption`, of an option that is one number, for sockets of which there may be many. */
export function numberOption(socket: OptionHolder, name: 'rcvBuf' | 'sndBuf'): number {
  const values = socket.getOption(name);
  // Refused again, with all that there is to say of it.
  return typeof values === 'number' ? getOption(socket, name) : Number(values['value']);
}

/** @returns the values, or negative errno */
function read(
  socket: OptionHolder,
  { older }: OptionRow,
  name: string,
  all: NativeOptionValues,
): NativeOptionValues | number {
  const values = socket.getOption(name, all);
  return older && values === -ENOPROTOOPT ? socket.getOption(older.layout, all) : values;
}

export function setOption<Name extends SettableOptionName>(
  socket: OptionHolder,
  name: Name,
  value: OptionInput<Name>,
  target: Target = {},
): void {
  const row = rowOf(name, 'set');
  const given = checked(row, name, value);
  let native = toNative(row, name, given, target);
  if (!isKind(row.fields)) row.check?.(name, given as Record<string, unknown>);
  checkStyle(row, name, target.style);
  const shown = withoutSecrets(row, value);
  checkTime(row, name, shown, target.style);
  checkNeeds(socket, row, name, shown, target);
  if (row.keepsByReading) {
    const present = whatIsSet(socket, row, name, given as object, shown, target);
    native = toNative(row, name, { ...present, ...(given as object) }, target);
  }
  const disturbed = row.disturbs && getOption(socket, row.disturbs, undefined, target);

  const all = { ...native, ...associations(row, target, 'set') };
  for (const part of row.each ? itemsOf(all) : [all]) {
    let errno = socket.setOption(name, part);
    if (row.older && errno === -ENOPROTOOPT) errno = setOlder(socket, row.older, name, given, part);
    if (errno < 0) throw refused('setOption', row, name, shown, errno);
  }
  if (row.disturbs && disturbed !== undefined) {
    setOption(socket, row.disturbs, disturbed as never, target);
  }
}

/**
 * What `setOption` hands to the native side for a new socket.
 * @returns nothing for an option that takes more than one call, or is secret
 */
export function packable(name: SettableOptionName, value: unknown): NativeOptionValues | undefined {
  const row = rowOf(name, 'set');
  if (row.each || row.older || row.keepsByReading || row.disturbs || hasSecret(row)) {
    return undefined;
  }
  return { ...toNative(row, name, checked(row, name, value)), ...associations(row, {}, 'set') };
}

/** For a list whose elements the kernel takes one at a time. */
function itemsOf(all: NativeOptionValues): NativeOptionValues[] {
  return Array.from(all['value'] as Uint8Array, (value) => ({ value }));
}

/** The present value, for the path that the new one is for, if it names one. */
function whatIsSet(
  socket: OptionHolder,
  row: OptionRow,
  name: SettableOptionName,
  given: object,
  shown: unknown,
  target: Target,
): object {
  const entries = Object.entries(given);
  const args = entries.filter(([field]) => Object.hasOwn(row.arguments ?? {}, field));
  const which = argumentsToNative(row, name, Object.fromEntries(args), target);
  const values = read(socket, row, name, { ...which, ...associations(row, target, 'get') });
  if (typeof values === 'number') {
    const error = refused('setOption', row, name, shown, values);
    throw Object.assign(error, { syscall: 'getsockopt' });
  }
  return fromNative(row.fields, values, '') as object;
}

/** For a kernel without the present layout. @returns 0 or negative errno */
function setOlder(
  socket: OptionHolder,
  { layout, lacks }: NonNullable<OptionRow['older']>,
  name: string,
  given: unknown,
  all: NativeOptionValues,
): number {
  const missing = lacks.find((field) => (given as Record<string, unknown>)[field] !== undefined);
  if (missing !== undefined) {
    throw optionError('setOption', name, given, -ENOPROTOOPT, `This kernel has no ${missing}`);
  }
  const known = Object.entries(all).filter(([field]) => !lacks.includes(field));
  return socket.setOption(layout, Object.fromEntries(known));
}

/** By the name of the error. */
const LACKING: Readonly<Record<string, string>> = {
  ENOPROTOOPT: 'This kernel does not have it',
  // No kernel's answer to an option.
  ENOSYS: "engine: 'user' does not have it; engine: 'kernel' does",
};

function refused(
  call: 'setOption' | 'getOption',
  row: OptionRow,
  name: string,
  value: unknown,
  errno: number,
): Error {
  const code = errnoName(errno);
  return optionError(
    call,
    name,
    value,
    errno,
    row.refusals?.[code] ?? LACKING[code] ?? row.remedy ?? '',
  );
}

/** What an option needs must be on by now; the options of a new socket were checked together. */
function checkNeeds(
  socket: OptionHolder,
  row: OptionRow,
  name: string,
  value: unknown,
  target: Target,
): void {
  if (target.style === undefined || !isOn(value)) return;
  for (const { option } of row.needs ?? []) {
    if (!isOn(getOption(socket, option, undefined, target))) {
      throw missingNeed(name, value, option, target.style);
    }
  }
}

/** The struct's association field: which associations are meant, where the kernel asks. */
function associations(
  { reach }: OptionRow,
  { assocId }: Target,
  call: 'get' | 'set',
): NativeOptionValues {
  if (reach === 'none') return {};
  if (assocId !== undefined) return { assocId };
  if (call === 'set' && reach === 'all') return { assocId: SCTP_ALL_ASSOC };
  if (call === 'set' && reach === 'present') return { assocId: SCTP_CURRENT_ASSOC };
  return { assocId: SCTP_FUTURE_ASSOC };
}
