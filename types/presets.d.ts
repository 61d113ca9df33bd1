/** The type of `presets`. What each of them is, lib/protocols/presets.ts says beside its values. */
import type { SctpOptions } from './options';

/** The values of one, with the comments that the options have. */
export type Preset<Values extends SctpOptions> = Values & {
  readonly [Name in keyof SctpOptions]: Readonly<SctpOptions[Name]>;
};

/** All of them, by name. */
export type Presets<Values extends Record<string, SctpOptions>> = {
  readonly [Name in keyof Values]: Preset<Values[Name]>;
};
