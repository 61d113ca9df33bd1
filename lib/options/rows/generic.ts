/** Options that any socket has. */
import { INT32 } from '../../validate';
import { flag, integer } from '../fields';
import type { OptionRows } from '../row';

export const genericRows = {
  reuseAddr: { source: 'socket(7) SO_REUSEADDR', fields: flag(1), reach: 'none' },
  v6Only: {
    source: 'RFC 3493 §5.3 IPV6_V6ONLY',
    fields: flag(1),
    reach: 'none',
    remedy: 'It exists on IPv6 sockets only, and can be changed only before binding',
  },
  sndBuf: { source: 'socket(7) SO_SNDBUF', fields: integer('bytes', 1, INT32), reach: 'none' },
  rcvBuf: { source: 'socket(7) SO_RCVBUF', fields: integer('bytes', 1, INT32), reach: 'none' },
} satisfies OptionRows;
