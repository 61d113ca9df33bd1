/** What the kernel has of SCTP on this host, read and in columns. */
import { hostAssociations, type HostAssociation } from '../proc/associations';
import { hostCounters } from '../proc/counters';
import { hostListeners, type HostListener } from '../proc/listeners';
import { hostPaths, type HostPath } from '../proc/paths';
import { table } from './table';
import { integer } from './values';

/** For the commands that show only a part. */
export const PORT_OPTION = {
  type: 'string',
  short: 'p',
  value: 'PORT',
  help: 'Only with this port, of either side.',
} as const;

/** @throws UsageError */
export function portOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : integer(value, '--port', 1, 65_535);
}

export const NOT_LOADED =
  'SCTP is not loaded in this kernel (no /proc/net/sctp): `kernel-sctp doctor` says why';

export interface Status {
  readonly listeners: readonly HostListener[];
  readonly associations: readonly (HostAssociation & { readonly paths: readonly HostPath[] })[];
  readonly counters: Readonly<Record<string, number>>;
}

export function readStatus(port: number | undefined): Status {
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

export function socketTables({ listeners, associations }: Status): string[] {
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
  ];
}

function pathText({ address, state }: HostPath, { primary }: HostAssociation): string {
  const star = address === primary ? '*' : '';
  return `${star}${address}${state === 'active' ? '' : ` (${state})`}`;
}

export function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 1 ? [`${title}: none`, ''] : [title, ...table(rows), ''];
}
