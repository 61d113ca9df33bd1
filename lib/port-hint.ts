/** Why the kernel has no port of its own choice. */
import { errnoName } from './errors';

export const NO_FREE_PORT =
  'every port that the kernel may choose from is taken: widen net.ipv4.ip_local_port_range, or ' +
  'close what is no longer needed';

/** For an errno of binding `port`. */
export function portHint(errno: number, port: number): string {
  return port === 0 && errnoName(errno) === 'EADDRINUSE' ? NO_FREE_PORT : '';
}
