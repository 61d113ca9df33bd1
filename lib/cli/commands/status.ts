/** `status`: what the kernel has of SCTP on this host. */
import { hasTables } from '../../proc/table';
import { command } from '../command';
import {
  NOT_LOADED,
  PORT_OPTION,
  portOf,
  readStatus,
  section,
  socketTables,
  type Status,
} from '../host-status';

export const status = command({
  name: 'status',
  summary: 'listeners, associations, paths and counters of this host',
  operands: [],
  description: [
    'Prints the associations of every process in this network namespace, with the state of each ' +
      'path, the sockets that listen, and the counters of the kernel that are not zero.',
    'SEND-Q are bytes that the peer has not acknowledged, RECV-Q bytes that the program has not ' +
      'read, with the kernel’s overhead. A star marks the primary path.',
  ],
  options: {
    port: PORT_OPTION,
    json: { type: 'boolean', help: 'One JSON object.' },
  },
  examples: ['kernel-sctp status', 'kernel-sctp status --port 2905 --json'],
  statuses: { 1: 'if this kernel has no SCTP, or has not loaded it' },
  run({ io, values }) {
    const port = portOf(values.port);
    if (!hasTables()) {
      io.note(NOT_LOADED);
      return 1;
    }
    const found = readStatus(port);
    if (values.json === true) io.print(JSON.stringify(found));
    else for (const line of describe(found)) io.print(line);
    return 0;
  },
});

function describe(status: Status): string[] {
  const nonZero = Object.entries(status.counters).filter(([, value]) => value !== 0);
  return [
    ...socketTables(status),
    ...section('Counters', [
      ['NAME', 'VALUE'],
      ...nonZero.map(([name, value]) => [name, String(value)]),
    ]),
  ];
}
