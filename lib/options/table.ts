/**
 * The options: one row each, in the order in which they are set on a new socket. They are in
 * files by theme. Types (types/options.d.ts), struct layouts (native/core/options) and the
 * reference (docs/options.md) are tested against this table.
 */
import type { OptionName } from '../../types/options';
import type { OptionRow } from './row';
import { associationRows } from './rows/association';
import { authRows } from './rows/auth';
import { featureRows } from './rows/features';
import { genericRows } from './rows/generic';
import { messageRows } from './rows/messages';
import { pathRows } from './rows/paths';
import { statusRows } from './rows/status';

export const optionTable: Readonly<Record<OptionName, OptionRow>> = {
  ...genericRows,
  ...featureRows,
  ...authRows,
  ...associationRows,
  ...pathRows,
  ...messageRows,
  ...statusRows,
};

export const optionNames = Object.keys(optionTable) as OptionName[];
