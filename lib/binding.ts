/**
 * The native addon, which is loaded when something of it is first used: what needs no socket works
 * on every platform.
 */
import type { NativeBinding } from '../types/native';
import { load } from './addon/load';
import type { NotLoaded } from './addon/not-loaded';

let addon: NativeBinding | undefined;

/** Throws ERR_SCTP_ADDON_NOT_LOADED at each use, if it cannot be loaded. */
export const binding = new Proxy({} as NativeBinding, {
  get(_, name): unknown {
    addon ??= load();
    return Reflect.get(addon, name);
  },
});

/** Why the addon cannot be loaded, if so. */
export function addonProblem(): NotLoaded | undefined {
  try {
    addon ??= load();
    return undefined;
  } catch (error) {
    return error as NotLoaded;
  }
}
