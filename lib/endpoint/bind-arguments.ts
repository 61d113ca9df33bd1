/** The arguments of an endpoint's `bind` and `listen`, checked. Nothing is opened here. */
import { isIPv6Address } from '../addresses/family';
import type { EndpointBindOptions, EndpointListenOptions } from '../../types/endpoint';
import { checkStrictOptions } from '../option-names';
import { addressesOf, checkInterfaces, checkOneWay } from '../addresses/interfaces';
import { invalidArgValue } from '../errors';
import {
  checkHosts,
  checkInteger,
  checkIp,
  checkPort,
  type Family,
  INT32,
  isGiven,
} from '../validate';

const DEFAULT_BACKLOG = 511;

export interface EndpointBinding {
  /** Tried in this order; the first that this machine has is bound. */
  readonly hosts: readonly { host: string; family: Family }[];
  /** Bound along with the host. */
  readonly moreHosts: readonly string[];
  readonly port: number;
  readonly backlog: number;
  /** Whether anything says where to bind. */
  readonly isGiven: boolean;
}

type Options = Partial<Record<keyof EndpointListenOptions, unknown>>;

const BIND_NAMES = [
  'host',
  'localAddresses',
  'interface',
  'port',
] as const satisfies readonly (keyof EndpointBindOptions)[];

/** Every address of the machine, as `net` has it. */
const EVERY_HOST = [
  { host: '::', family: 6 },
  { host: '0.0.0.0', family: 4 },
] as const;

export function bindingOf(value: unknown, listens: boolean): EndpointBinding {
  const names = listens ? [...BIND_NAMES, 'backlog'] : BIND_NAMES;
  const options: Options = value === undefined ? {} : checkStrictOptions(value, names);
  const { port, backlog, host, localAddresses } = options;
  checkOneWay(options, ['host', 'localAddresses']);
  const interfaces = checkInterfaces('options.interface', options.interface);
  const hosts = interfaces.length > 0 ? addressesOf(interfaces) : hostsOf(options);
  const [first, ...moreHosts] = hosts;
  return {
    hosts:
      first === undefined
        ? EVERY_HOST
        : [{ host: first, family: hosts.some(isIPv6Address) ? 6 : 4 }],
    moreHosts,
    port: isGiven(port) ? checkPort('options.port', port, { allowZero: true }) : 0,
    backlog: isGiven(backlog)
      ? checkInteger('options.backlog', backlog, 1, INT32)
      : DEFAULT_BACKLOG,
    isGiven: [port, host, localAddresses, options.interface].some(isGiven),
  };
}

function hostsOf({ host, localAddresses }: Options): readonly string[] {
  if (!isGiven(localAddresses)) {
    if (!isGiven(host)) return [];
    checkIp('options.host', host);
    return [host as string];
  }
  if (isGiven(host)) {
    throw invalidArgValue(
      'options.host',
      host,
      'cannot be combined with localAddresses: give one of them',
    );
  }
  const hosts = checkHosts('options.localAddresses', localAddresses);
  if (hosts.length > 1 && hosts.some((address) => address === '::' || address === '0.0.0.0')) {
    const reason = 'contains a wildcard address, which must be the only one';
    throw invalidArgValue('options.localAddresses', localAddresses, reason);
  }
  return hosts;
}
