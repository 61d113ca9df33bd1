/** What the table says about an option. */
import type { OptionName, SettableOptionName } from '../../types/options';
import type { FieldKind, Fields } from './fields';

export interface OptionRow {
  /** Where it is defined. */
  readonly source: string;
  /** The fields users see, or one kind for a plain value (natively the field `value`). */
  readonly fields: Fields | FieldKind;
  /**
   * Which associations a change on a one-to-many socket reaches: the kernel has no associations
   * for it (`none`), lets it apply to later ones only (`future`), or to present ones too (`all`).
   * Or it exists only as part of an association (`one`), and not before there is one.
   */
  readonly reach: 'none' | 'future' | 'all' | 'one';
  /** It tells something, and cannot be set. */
  readonly readOnly?: boolean;
  /** It can only be set: the kernel does not tell it. */
  readonly writeOnly?: boolean;
  /** Set once the socket is bound; any other is set before. */
  readonly when?: 'bound';
  /** The kernel forgets it when it accepts an association: it is set again on accepted sockets. */
  readonly reapplied?: boolean;
  /** Users give a list, of which the kernel takes one at a time. */
  readonly each?: boolean;
  /** Fields that say of what: `getOption` takes them in its second parameter. */
  readonly arguments?: Readonly<Record<string, 'needed' | 'optional'>>;
  /** The kernel overwrites the whole struct: fields left out are read first and kept. */
  readonly keepsByReading?: boolean;
  /** An option that the kernel changes along with this one, to be put back. */
  readonly disturbs?: SettableOptionName;
  /** What to do when the kernel refuses. */
  readonly remedy?: string;
  /** Checks of fields against each other. */
  check?(name: string, value: Record<string, unknown>): void;
  /** The struct's field `flags`, where that says which of the others count. */
  flags?(value: Record<string, unknown>): number;
}

export type OptionRows = Partial<Record<OptionName, OptionRow>>;
