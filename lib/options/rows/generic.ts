/** Options that any socket has. */
import { INT32, UINT32 } from '../../validate';
import { deviceName, flag, integer } from '../fields';
import type { OptionRows } from '../row';

const onIPv6Only = 'It exists on IPv6 sockets only, and can be changed only before binding';

export const genericRows = {
  reuseAddr: { source: 'socket(7) SO_REUSEADDR', fields: flag(1), reach: 'none' },
  reusePort: {
    source: 'socket(7) SO_REUSEPORT',
    fields: flag(1),
    reach: 'none',
    until: 'bound',
  },
  v6Only: {
    source: 'RFC 3493 §5.3 IPV6_V6ONLY',
    fields: flag(1),
    reach: 'none',
    refusals: { ENOPROTOOPT: onIPv6Only },
    remedy: onIPv6Only,
  },
  sndBuf: { source: 'socket(7) SO_SNDBUF', fields: integer('bytes', 1, INT32), reach: 'none' },
  rcvBuf: { source: 'socket(7) SO_RCVBUF', fields: integer('bytes', 1, INT32), reach: 'none' },
  mark: {
    source: 'socket(7) SO_MARK',
    fields: integer('number', 0, UINT32),
    reach: 'none',
    reapplied: true,
    refusals: { EPERM: 'It needs CAP_NET_ADMIN (since Linux 5.17 CAP_NET_RAW is enough)' },
  },
  bindToDevice: {
    source: 'socket(7) SO_BINDTODEVICE',
    fields: deviceName,
    reach: 'none',
    refusals: {
      ENODEV: 'There must be a network device of that name in this network namespace',
      EPERM: 'Changing the device of a socket that has one needs CAP_NET_RAW',
    },
  },
} satisfies OptionRows;
