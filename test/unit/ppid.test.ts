/** Payload protocol identifiers: both maps, and their page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { constants, PPID, type PpidName, presets, protocol } from 'kernel-sctp';
import { checkPpid } from '#lib/protocols/ppid';

import { projectRoot } from '../support/child';
import { expectThrow } from '../support/errors';

const page = readFileSync(join(projectRoot, 'docs', 'protocols.md'), 'utf8');

/** The declarations in types/ppid.d.ts, in its order: number, name, what it is. */
const types = readFileSync(join(projectRoot, 'types', 'ppid.d.ts'), 'utf8');
const declared = [
  ...types.matchAll(/^ {2}\/\*\* (\d+): (.*)\. \*\/\n {2}readonly (\w+): number;$/gm),
].map(([, number, text, name]) => [Number(number), name as PpidName, text] as const);

test('protocol prints as it does in the package sctp', () => {
  expect(Object.keys(protocol).join()).toBe(
    'SCTP,IUA,M2UA,M3UA,SUA,M2PA,V5UA,H248,SSH,Diameter,Diameter_DTLS,WebRTC_DCEP,WebRTC_String,' +
      'WebRTC_Binary,WebRTC_String_Empty,WebRTC_Binary_Empty',
  );
});

test('PPID has every name that the types declare, with the number they give, and no other', () => {
  expect(declared).toHaveLength(74);
  expect(Object.entries(PPID)).toEqual(declared.map(([number, name]) => [name, number]));
});

test.each(declared)('%d is %s', (number, name) => {
  expect([PPID[name], PPID[number]]).toEqual([number, name]);
  expect(checkPpid('ppid', name)).toBe(number);
  expect((protocol as Readonly<Record<string, unknown>>)[name]).toBe(number);
});

test('numbers lead to the spelling of each map', () => {
  expect([PPID[46], protocol[46], protocol[18]]).toEqual(['DIAMETER', 'Diameter', 'S1AP']);
  expect([PPID[48], (PPID as Readonly<Record<string, unknown>>)['BER']]).toEqual(['R14P', 48]);
  expect([PPID[26], protocol[74], PPID[4242]]).toEqual([
    undefined,
    undefined,
    'DTLS_KEY_MANAGEMENT',
  ]);
});

test('the maps, presets and constants cannot be changed', () => {
  const frozen = [PPID, protocol, presets, presets.sigtran, presets.sigtran.rtoInfo, constants];
  expect(frozen.every(Object.isFrozen)).toBe(true);
});

test('capitals or not, a name is the same', () => {
  const names = [...Object.keys(PPID), ...Object.keys(protocol), 'BER'];
  for (const name of names) {
    const number = (protocol as Readonly<Record<string, unknown>>)[name] ?? 48;
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
      expect([spelling, checkPpid('ppid', spelling)]).toEqual([spelling, number]);
    }
  }
});

test.each([
  ['M4UA', 'ERR_INVALID_ARG_VALUE'],
  ['toString', 'ERR_INVALID_ARG_VALUE'],
  ['3', 'ERR_INVALID_ARG_VALUE'],
  [-1, 'ERR_OUT_OF_RANGE'],
  [2 ** 32, 'ERR_OUT_OF_RANGE'],
  ['M3UA\0', 'ERR_INVALID_ARG_VALUE'],
  ['', 'ERR_INVALID_ARG_VALUE'],
  [null, 'ERR_INVALID_ARG_TYPE'],
  [3n, 'ERR_INVALID_ARG_TYPE'],
])('%p is no identifier', (value, code) => {
  expectThrow(() => checkPpid('ppid', value), { code });
});

test('the page lists them as the types do, and the spellings', () => {
  const rows = [...page.matchAll(/^\| +(\d+) +\| `(\w+)` +\| (.*?) +\|$/gm)];
  expect(rows.map(([, number, ...others]) => [Number(number), ...others])).toEqual(declared);
  for (const name of Object.keys(protocol)) expect(page).toContain(`\`${name}\``);
});

test('the page lists the numbers of the presets', () => {
  const row = (name: string): string[] => {
    const line = page.split('\n').find((text) => text.includes(name)) ?? '';
    return line
      .split('|')
      .map((cell) => cell.trim())
      .slice(2, -1);
  };
  const all: readonly object[] = Object.values(presets);
  const field = (option: string, name: string): string[] =>
    all.map((preset) => {
      const value = (preset as Record<string, Record<string, number> | undefined>)[option]?.[name];
      return value === undefined ? '–' : String(value);
    });
  expect(row('For ').length).toBe(all.length);
  const [initial, min, max] = ['initial', 'min', 'max'].map((name) => field('rtoInfo', name));
  expect(row('`rtoInfo`')).toEqual(all.map((_, i) => [initial?.[i], min?.[i], max?.[i]].join('/')));
  for (const [option, name] of [
    ['assocInfo', 'asocMaxRxt'],
    ['assocInfo', 'cookieLife'],
    ['initMsg', 'maxAttempts'],
    ['peerAddrParams', 'hbInterval'],
    ['peerAddrParams', 'pathMaxRxt'],
  ] as const) {
    expect(row(`\`${option}.${name}\``)).toEqual(field(option, name));
  }
});

test('constants are those of <linux/sctp.h>', () => {
  expect(constants).toMatchObject({
    SCTP_ASSOC_CHANGE: 0x8001,
    SCTP_SEND_FAILED_EVENT: 0x800d,
    SCTP_SHUTDOWN_COMP: 3,
    SCTP_ADDR_MADE_PRIM: 4,
    SCTP_ESTABLISHED: 4,
    SCTP_UNORDERED: 1,
    SCTP_STREAM_RESET_DENIED: 4,
  });
});
