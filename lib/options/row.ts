/** One row of the option table. */
import type { OptionName, ReadableOptionName, SettableOptionName } from '../../types/options';
import type { FieldKind, Fields } from './fields';

export type Style = 'one-to-one' | 'one-to-many';

/** Another option that must be on for this one to mean anything. */
export interface Need {
  readonly option: 'authSupported' | 'reconfigSupported' | 'asconfSupported' | 'fragmentInterleave';
  /** The sysctl below net.sctp: 1 there switches it on for sockets that do not set it. */
  readonly sysctl?: string;
}

export interface OptionRow {
  /** Where it is defined. */
  readonly source: string;
  /** The fields users see, or one kind for a plain value (natively the field `value`). */
  readonly fields: Fields | FieldKind;
  /**
   * Which associations a change on a one-to-many socket reaches: the kernel has no associations
   * for it (`none`), lets it apply to later ones only (`future`), to present ones only (`present`),
   * or to both (`all`). Or it exists only as part of an association (`one`), and not before there
   * is one.
   */
  readonly reach: 'none' | 'future' | 'present' | 'all' | 'one';
  /** The only style of sockets that has it, and what to do with the other. */
  readonly style?: { readonly only: Style; readonly instead: string };
  /** It can only be read. */
  readonly readOnly?: boolean;
  /** It can only be set: the kernel does not return it. */
  readonly writeOnly?: boolean;
  /** Set once the socket is bound; any other is set before. */
  readonly when?: 'bound';
  /** From when on setting it is refused: the kernel would accept it without effect. */
  readonly until?: 'bound' | 'associated';
  /** The kernel forgets it when it accepts an association: it is set again on accepted sockets. */
  readonly reapplied?: boolean;
  /** Users give a list, of which the kernel takes one at a time. */
  readonly each?: boolean;
  readonly needs?: readonly Need[];
  /** Fields that select what to read: `getOption` takes them as its second argument. */
  readonly arguments?: Readonly<Record<string, 'needed' | 'optional'>>;
  /** The kernel overwrites the whole struct: fields left out are read first and kept. */
  readonly keepsByReading?: boolean;
  /** An option that the kernel changes along with this one, to be restored. */
  readonly disturbs?: SettableOptionName & ReadableOptionName;
  /** The layout for kernels that lack the present one, and the fields it lacks. */
  readonly older?: { readonly layout: string; readonly lacks: readonly string[] };
  /** What to do when the kernel refuses, by the name of its error. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** What to do when the kernel refuses with any other. */
  readonly remedy?: string;
  /** Checks of fields against each other. */
  check?(name: string, value: Record<string, unknown>): void;
  /** The struct's field `flags`, where it says which other fields apply. */
  flags?(value: Record<string, unknown>): number;
}

export type OptionRows = Partial<Record<OptionName, OptionRow>>;
