/** Values that cross the seam (see native.d.ts) in either direction. */
import type { Address } from './address';
import type { ErrorCause, Notification } from './notifications';

/** What is a word for users, and the kernel's number here. */
type Numbered = 'state' | 'indication';

type Native<Type> = Type extends Notification
  ? {
      [Key in keyof Type as Exclude<Key, 'raw' | 'parsed' | 'interpreted'>]: Key extends Numbered
        ? number
        : Key extends 'causes'
          ? Pick<ErrorCause, 'code' | 'info'>[]
          : Type[Key];
    } & { raw?: Buffer }
  : never;

/**
 * A notification as users get it, but for the states, which are still numbers, the names and texts
 * of error causes, and its views; `raw` is missing where it can be made of the rest.
 */
export type NativeNotification = Native<Notification>;

/** A field of an option: a number, a bigint where that would be inexact, a name, an address, a list. */
export type NativeOptionValue =
  number | bigint | string | Pick<Address, 'address' | 'port'> | Uint8Array | Uint16Array;

/** The fields of an option's struct by name. What it returns has no address that is empty. */
export type NativeOptionValues = Record<string, NativeOptionValue>;

/** One path of an association, or why the kernel does not report it. */
export type NativePath = NativeOptionValues & { address: Address; errno?: number };

/** Addresses for one call: each host is followed by its port. */
export type NativeAddressList = (string | number)[];

/** Types of notifications. Of a typed array the native side gets all at once. */
export type NotificationNumbers = readonly number[] | Uint16Array;
