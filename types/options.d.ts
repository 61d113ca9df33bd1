/**
 * Socket options. Times are milliseconds, sizes bytes, unless said otherwise.
 * Names are RFC 6458's without their prefix, in camelCase. They are declared by theme, in options/.
 */

import type { AssociationInputs, AssociationOptions } from './options/association';
import type { AuthInputs, AuthOptions } from './options/auth';
import type { FeatureInputs, FeatureOptions } from './options/features';
import type { GenericOptions } from './options/generic';
import type { MessageArguments, MessageInputs, MessageOptions } from './options/messages';
import type { PathArguments, PathInputs, PathOptions } from './options/paths';
import type { StatusArguments, StatusOptions } from './options/status';

export type * from './options/association';
export type * from './options/auth';
export type * from './options/features';
export type * from './options/generic';
export type * from './options/messages';
export type * from './options/paths';
export type * from './options/status';

/** Every option by name, with the value `getOption` returns. */
export interface OptionValues
  extends
    GenericOptions,
    FeatureOptions,
    AuthOptions,
    AssociationOptions,
    PathOptions,
    MessageOptions,
    StatusOptions {}

/** The name of an option. */
export type OptionName = keyof OptionValues;

/** Options that can only be read. */
export type ReadOnlyOptionName =
  | 'status'
  | 'peerAddrInfo'
  | 'assocStats'
  | 'prStreamStatus'
  | 'prAssocStatus'
  | 'localAuthChunks'
  | 'peerAuthChunks';

/** Options that can only be set. */
export type WriteOnlyOptionName =
  'authChunks' | 'authKey' | 'authDeactivateKey' | 'authDeleteKey' | 'setPeerPrimaryAddr';

/** Options for `setOption`. */
export type SettableOptionName = Exclude<OptionName, ReadOnlyOptionName>;

/** Options for `getOption`. */
export type ReadableOptionName = Exclude<OptionName, WriteOnlyOptionName>;

/** Options that are part of one association, and not there before it. */
export type AssociationOptionName =
  | 'primaryAddr'
  | 'setPeerPrimaryAddr'
  | 'streamSchedulerValue'
  | 'status'
  | 'peerAddrInfo'
  | 'assocStats'
  | 'prStreamStatus'
  | 'prAssocStatus'
  | 'peerAuthChunks';

interface ArgumentsByName extends MessageArguments, PathArguments, StatusArguments {}

/** What `getOption` takes after the name: of which path or stream, where there are several. */
export type OptionArguments<Name extends OptionName> = Name extends keyof ArgumentsByName
  ? ArgumentsByName[Name]
  : [];

/** What `setOption` takes where that is not simply what `getOption` returns. */
interface OtherInputs
  extends AssociationInputs, AuthInputs, FeatureInputs, MessageInputs, PathInputs {}

/** What `setOption` takes: as `getOption` returns it, but structs may leave fields out. */
export type OptionInput<Name extends SettableOptionName> = Name extends keyof OtherInputs
  ? OtherInputs[Name]
  : OptionValues[Name] extends boolean | number | string
    ? OptionValues[Name]
    : Partial<OptionValues[Name]>;

/** What one option may be in `SctpOptions`. */
type InitialInput<Name> = Name extends SettableOptionName
  ? Name extends keyof PathArguments
    ? Omit<OptionInput<Name>, 'address'>
    : OptionInput<Name>
  : never;

// Comments survive only in a type that is mapped as Pick does it: by a parameter bound to `keyof`
// another one.
type Initial<Values, Names extends keyof Values> = { [Name in Names]?: InitialInput<Name> };

/** The option `sctp` of constructors: options that need no association, and no path. */
export type SctpOptions = Initial<OptionValues, Exclude<SettableOptionName, AssociationOptionName>>;
