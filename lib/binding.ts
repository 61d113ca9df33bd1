/**
 * The native addon, which is loaded when something of it is first used: what needs no socket works
 * on every platform.
 */
import type { NativeBinding } from '../types/native';
import { load } from './addon/load';
import type { NotLoaded } from './addon/not-loaded';

/** What came of loading it, which is tried once. */
let loaded: { addon: NativeBinding } | { problem: NotLoaded } | undefined;

function outcome(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  try {
    loaded = { addon: load() };
  } catch (error) {
    loaded = { problem: error as NotLoaded };
  }
  return loaded;
}

/** Throws ERR_SCTP_ADDON_NOT_LOADED at each use, if it cannot be loaded. */
export const binding = new Proxy({} as NativeBinding, {
  get(_, name): unknown {
    const result = outcome();
    if ('problem' in result) throw result.problem;
    return Reflect.get(result.addon, name);
  },
});

/** Why the addon cannot be loaded, if so. */
export function addonProblem(): NotLoaded | undefined {
  const result = outcome();
  return 'problem' in result ? result.problem : undefined;
}
