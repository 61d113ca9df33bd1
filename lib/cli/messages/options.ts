/** Options that connect, listen and relay share. */
import { presets } from '../../protocols/presets';
import { choice, integer, ppid } from '../values';
import type { ExchangeOptions } from './exchange';
import { FORMAT_HELP, formats } from './format';

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

/** For `sctp`. */
export function readPreset(name: string | undefined): {
  sctp?: (typeof presets)[keyof typeof presets];
} {
  return name === undefined ? {} : { sctp: presets[choice(name, '--preset', presetNames)] };
}
