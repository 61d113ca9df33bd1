/** Options that connect, listen and relay share. */
import type { EngineName } from '../../../types/engine';
import type { SctpOptions } from '../../../types/options';
import { engineByDefault } from '../../engine/choice';
import { presets } from '../../protocols/presets';
import { choice, integer, ppid } from '../values';
import type { ExchangeOptions } from './exchange';
import { FORMAT_HELP, formats } from './format';
import { UsageError } from '../usage-error';

const presetNames = Object.keys(presets) as (keyof typeof presets)[];

export const exchangeOptions = {
  format: { type: 'string', short: 'f', value: 'FORMAT', help: FORMAT_HELP },
  sid: { type: 'string', value: 'STREAM', help: 'The stream to send on (default 0).' },
  ppid: {
    type: 'string',
    value: 'PPID',
    help: 'The payload protocol identifier to send with: a number or a name like M3UA or NGAP.',
  },
  unordered: { type: 'boolean', short: 'u', help: 'Send unordered.' },
  verbose: { type: 'boolean', short: 'v', help: 'Say of each message its stream and PPID.' },
  notifications: { type: 'boolean', short: 'n', help: 'Show what happens to the association.' },
  json: {
    type: 'boolean',
    help: 'What comes in as JSON, one object a line, messages in hexadecimal.',
  },
} as const;

export const associationOptions = {
  bind: {
    type: 'string',
    short: 'b',
    multiple: true,
    value: 'ADDRESS',
    help: 'A numeric address of this machine to use; again for several.',
  },
  preset: {
    type: 'string',
    value: 'NAME',
    help: `Times and limits as is usual for ${presetNames.join(', ')}.`,
  },
  engine: {
    type: 'string',
    value: 'ENGINE',
    help: 'Whose SCTP: kernel, or user for one in this process, in UDP. Default: $KERNEL_SCTP_ENGINE.',
  },
  'udp-port': {
    type: 'string',
    value: 'PORT',
    help: 'SCTP in UDP: the port to listen on or, of the peer, to connect to (default 9899).',
  },
} as const;

type Given = { readonly [Name in keyof typeof exchangeOptions]?: string | boolean };

export function readExchangeOptions(values: Given): ExchangeOptions {
  const text = (value: string | boolean | undefined): string | undefined =>
    typeof value === 'string' ? value : undefined;
  const sid = text(values.sid);
  const protocol = text(values.ppid);
  return {
    format: choice(text(values.format) ?? 'lines', '--format', formats),
    json: values.json === true,
    verbose: values.verbose === true,
    notifications: values.notifications === true,
    send: {
      ...(sid !== undefined && { sid: integer(sid, '--sid', 0, 65_534) }),
      ...(protocol !== undefined && { ppid: ppid(protocol) }),
      ...(values.unordered === true && { unordered: true }),
    },
  };
}

interface AssociationValues {
  readonly preset?: string;
  readonly engine?: string;
  readonly 'udp-port'?: string;
}

interface AssociationSettings {
  readonly engine: EngineName;
  readonly udpPort?: number;
  readonly sctp: SctpOptions;
}

/** For `createServer`. */
export function readServerOptions(values: AssociationValues): AssociationSettings {
  const { engine, udpPort, sctp } = readBoth(values);
  if (udpPort === undefined) return { engine, sctp };
  if (engine === 'user') return { engine, udpPort, sctp };
  throw new UsageError(
    '--udp-port needs --engine user here; the kernel listens on the one in sysctl net.sctp.udp_port',
  );
}

/** For `connect`. */
export function readClientOptions(values: AssociationValues): AssociationSettings {
  const { engine, udpPort, sctp } = readBoth(values);
  const inUdp = udpPort === undefined ? {} : { remoteUdpEncapsPort: { port: udpPort } };
  return { engine, sctp: { ...sctp, ...inUdp } };
}

function readBoth(values: AssociationValues): AssociationSettings {
  const { preset, engine, 'udp-port': udpPort } = values;
  return {
    engine:
      engine === undefined ? engineByDefault() : choice(engine, '--engine', ['kernel', 'user']),
    ...(udpPort !== undefined && { udpPort: integer(udpPort, '--udp-port', 1, 65_535) }),
    sctp: preset === undefined ? {} : presets[choice(preset, '--preset', presetNames)],
  };
}
