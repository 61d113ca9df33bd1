/** Sets checked options, and our defaults, on new sockets. */
import type { NativeSocket } from '../../types/native';
import type { OptionName, SctpOptions } from '../../types/options';
import { initialRtoFor } from '../initial-rto';
import { getOption, setOption } from './options';
import type { OptionRow } from './row';
import { optionNames, optionTable } from './table';

type Name = keyof SctpOptions;

/** Sets those for a socket that was just opened, or bound, in the table's order. */
export function applyOptions(
  socket: NativeSocket,
  options: SctpOptions,
  when: 'opened' | 'bound' = 'opened',
): void {
  if (when === 'bound') setAll(socket, options, isForBound);
  else setAll(socket, withInitialRto(options, initialRtoOf(socket)), isForOpened);
}

/** Sets again, on an accepted socket, what the kernel does not inherit. @param options of `reappliedOf` */
export function reapplyOptions(socket: NativeSocket, options: SctpOptions): void {
  setAll(socket, options, isReapplied);
}

/** Those options that `reapplyOptions` is to set, if there are any. */
export function reappliedOf(options: SctpOptions): SctpOptions | undefined {
  return namesOf(options, isReapplied).length > 0 ? options : undefined;
}

export function isForOpened(row: OptionRow): boolean {
  return row.when === undefined;
}

export function isForBound(row: OptionRow): boolean {
  return row.when === 'bound';
}

function isReapplied(row: OptionRow): boolean {
  return row.reapplied === true;
}

function setAll(
  socket: NativeSocket,
  options: SctpOptions,
  isMeant: (row: OptionRow) => boolean,
): void {
  for (const name of namesOf(options, isMeant)) setOption(socket, name, options[name] as never);
}

const places = new Map<string, number>(optionNames.map((name, place) => [name, place]));

/** In the table's order. */
export function namesOf(options: SctpOptions, isMeant: (row: OptionRow) => boolean): Name[] {
  const names = Object.keys(options) as (Name & OptionName)[];
  return names
    .filter((name) => options[name] !== undefined && isMeant(optionTable[name]))
    .sort((one, other) => (places.get(one) as number) - (places.get(other) as number));
}

/** What a new socket has: the kernel's own. */
export function initialRtoOf(socket: NativeSocket): number | undefined {
  const values = socket.getOption('rtoInfo', undefined, ['initial']);
  // Refused again, with all that there is to say of it.
  return typeof values === 'number'
    ? getOption(socket, 'rtoInfo').initial
    : Number(values['initial']);
}

export function withInitialRto(options: SctpOptions, kernels: number | undefined): SctpOptions {
  const { rtoInfo } = options;
  if (rtoInfo?.initial !== undefined || kernels === undefined) return options;
  return { ...options, rtoInfo: { ...rtoInfo, initial: initialRtoFor(kernels) } };
}
