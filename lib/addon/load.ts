/** Finds and loads the native addon. */
import { join } from 'node:path';

import type { NativeBinding } from '../../types/native';
import { type Attempt, notLoaded } from './not-loaded';
import { platformName } from './platform';

const packageRoot = join(__dirname, '..', '..');

/** @throws a NotLoaded */
export function load(): NativeBinding {
  const platform = platformName();
  const candidates = [
    join(packageRoot, 'build', 'Release', 'kernel_sctp.node'), // a checkout, or built by the user
    join(packageRoot, 'prebuilds', platform, 'kernel_sctp.node'),
  ];
  const attempts: Attempt[] = [];
  for (const path of candidates) {
    try {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- only require loads addons
      return require(path) as NativeBinding;
    } catch (error) {
      attempts.push({ path, error });
    }
  }
  throw notLoaded(packageRoot, platform, attempts);
}
