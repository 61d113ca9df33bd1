/** Settings of the host that decide what sockets can do. */
import { existsSync } from 'node:fs';

import { support } from '../../support/support';
import { readSysctl, sysctlPath } from '../../sysctl';
import { ok, warning, type Finding } from './check';
import { contents } from './files';

/** Less than this holds a few large messages only. */
const ENOUGH_BUFFER = 4 * 1024 * 1024;

export function checkSettings(): Finding[] {
  const { sctp, buffers, features } = support();
  if (!sctp) return [...checkHost()];
  const { schedulers, ...switches } = features;
  const available = Object.entries(switches).filter(([, feature]) => feature.available);
  const missing = Object.entries(switches).filter(([, feature]) => !feature.available);
  return [
    buffer('sndBuf', 'net.core.wmem_max', buffers.sndBufMax, buffers.unlimited),
    buffer('rcvBuf', 'net.core.rmem_max', buffers.rcvBufMax, buffers.unlimited),
    ok('features', available.map(([name]) => name).join(', ') || 'none'),
    ...missing.map(([name, { inTheWay }]) =>
      inTheWay === undefined
        ? warning(name, 'this kernel does not have it')
        : ok(name, `off; to have it: ${inTheWay.remedy}`),
    ),
    ok('schedulers', schedulers.join(', ')),
    timers(),
    ...readOnly(),
    ...checkHost(),
  ];
}

function buffer(
  option: string,
  sysctl: string,
  most: number | undefined,
  unlimited: boolean,
): Finding {
  if (unlimited) return ok(option, 'any size: this process has CAP_NET_ADMIN');
  if (most === undefined) return ok(option, `${sysctl} limits it, which this process cannot read`);
  const limit = `${String(most)} bytes`;
  if (most >= ENOUGH_BUFFER) return ok(option, `up to ${limit}`);
  return warning(
    option,
    `at most ${limit}: large messages wait for one another`,
    `sysctl -w ${sysctl}=${String(ENOUGH_BUFFER)}`,
  );
}

/** How long the defaults take to notice a dead path: each time-out doubles the next. */
function timers(): Finding {
  const min = readSysctl('net.sctp.rto_min') ?? 1000;
  const max = readSysctl('net.sctp.rto_max') ?? 60_000;
  const retries = readSysctl('net.sctp.path_max_retrans') ?? 5;
  let total = 0;
  for (let tries = 0, rto = min; tries <= retries; tries++, rto = Math.min(rto * 2, max)) {
    total += rto;
  }
  const seconds = Math.round(total / 1000);
  return ok(
    'failover',
    `with the host’s defaults a dead path is given up after about ${String(seconds)} s; ` +
      'presets.sigtran takes seconds (see docs/multihoming.md)',
  );
}

/** Containers see their settings through a file system that is mounted read-only. */
function readOnly(): Finding[] {
  if (!isReadOnly(sysctlPath('net.sctp.rto_min'))) return [];
  return [
    warning(
      'sysctls',
      'read-only for this process, whatever its privileges: sysctl -w fails here',
      'net.sctp.* belong to the network namespace: set them where the container is started ' +
        '(docker run --sysctl, securityContext.sysctls of a pod); net.core.* are the host’s',
    ),
  ];
}

/** Of the mounts that have the file, the innermost and last decides: proc(5), mountinfo. */
function isReadOnly(path: string): boolean {
  let innermost = '';
  let options = '';
  for (const line of contents('/proc/self/mountinfo').split('\n')) {
    const [, , , , point = '', its = ''] = line.split(' ');
    if (point.length < innermost.length || !path.startsWith(point)) continue;
    innermost = point;
    options = its;
  }
  return options.split(',').includes('ro');
}

function checkHost(): Finding[] {
  return [...container(), ...ipvs()];
}

function container(): Finding[] {
  const marks = ['/.dockerenv', '/run/.containerenv'].filter((path) => existsSync(path));
  const inPod = process.env['KUBERNETES_SERVICE_HOST'] !== undefined;
  if (marks.length === 0 && !inPod) return [];
  return [
    warning(
      'container',
      inPod ? 'this is a pod' : `this is a container (${marks.join(', ')})`,
      'the host must have loaded the module: a container cannot',
      'NAT changes the addresses that INIT names: bind one address, or use the host’s network',
    ),
  ];
}

function ipvs(): Finding[] {
  if (!/^ip_vs /m.test(contents('/proc/modules'))) return [];
  return [
    warning(
      'ipvs',
      'ip_vs is loaded: a balancer sees only the address that a packet came from',
      'several addresses of one peer need a front that knows associations, or one address each',
    ),
  ];
}
