/** `status`: what the kernel has of SCTP on this host. */
import { hostAssociations, type HostAssociation } from '../../proc/associations';
import { hostCounters } from '../../proc/counters';
import { hostListeners, type HostListener } from '../../proc/listeners';
import { hostPaths, type HostPath } from '../../proc/paths';
import { hasTables } from '../../proc/table';
import { command } from '../command';
import { table } from '../table';
import { integer } from '../values';

interface Status {
  readonly listeners: readonly HostListener[];
  readonly associations: readonly (HostAssociation & { readonly paths: readonly HostPath[] })[];
  readonly counters: Readonly<Record<string, number>>;
}

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
    port: {
      type: 'string',
      short: 'p',
      value: 'PORT',
      help: 'Only with this port, of either side.',
    },
    json: { type: 'boolean', help: 'One JSON object.' },
  },
  examples: ['kernel-sctp status', 'kernel-sctp status --port 2905 --json'],
  statuses: { 1: 'if this kernel has no SCTP, or has not loaded it' },
  run({ io, values }) {
    const port = values.port === undefined ? undefined : integer(values.port, '--port', 1, 65_535);
    if (!hasTables()) {
      io.note(
        'SCTP is not loaded in this kernel (no /proc/net/sctp): `kernel-sctp doctor` says why',
      );
      return 1;
    }
    const found = readStatus(port);
    if (values.json === true) io.print(JSON.stringify(found));
    else for (const line of describe(found)) io.print(line);
    return 0;
  },
});

function readStatus(port: number | undefined): Status {
  const paths = hostPaths();
  return {
    listeners: hostListeners().filter((listener) => port === undefined || listener.port === port),
    associations: hostAssociations()
      .filter(
        ({ localPort, remotePort }) =>
          port === undefined || localPort === port || remotePort === port,
      )
      .map((association) => ({
        ...association,
        paths: paths.filter(({ assocId }) => assocId === association.assocId),
      })),
    counters: hostCounters(),
  };
}

function describe({ listeners, associations, counters }: Status): string[] {
  const nonZero = Object.entries(counters).filter(([, value]) => value !== 0);
  return [
    ...section('Listeners', [
      ['PORT', 'STYLE', 'ADDRESSES'],
      ...listeners.map(({ port, style, addresses }) => [String(port), style, addresses.join(' ')]),
    ]),
    ...section('Associations', [
      ['ID', 'STATE', 'STYLE', 'LOCAL', 'REMOTE', 'STREAMS', 'SEND-Q', 'RECV-Q'],
      ...associations.map((association) => [
        String(association.assocId),
        association.state,
        association.style,
        `${association.localAddresses.join(' ')} :${String(association.localPort)}`,
        `${association.paths.map((path) => pathText(path, association)).join(' ')} :${String(association.remotePort)}`,
        `${String(association.inStreams)}/${String(association.outStreams)}`,
        String(association.sendQueue),
        String(association.receiveQueue),
      ]),
    ]),
    ...section('Counters', [
      ['NAME', 'VALUE'],
      ...nonZero.map(([name, value]) => [name, String(value)]),
    ]),
  ];
}

function pathText({ address, state }: HostPath, { primary }: HostAssociation): string {
  const star = address === primary ? '*' : '';
  return `${star}${address}${state === 'active' ? '' : ` (${state})`}`;
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 1 ? [`${title}: none`, ''] : [title, ...table(rows), ''];
}
