/** Whatever a user writes, the editor shows what it means: by `require` and by `import`. */
import { Duplex } from 'node:stream';

import * as sctp from 'kernel-sctp';
import { type FieldKind, type Fields, isKind } from '#lib/options/fields';
import { optionNames, optionTable } from '#lib/options/table';

import { Editor, type Hovered, MARK } from '../support/editor';

const IMPORT = "import * as sctp from 'kernel-sctp';\n";

/** What `sctp: { … }` takes. */
const settable = optionNames.filter((name) => {
  const { readOnly, reach } = optionTable[name];
  return !readOnly && reach !== 'one' && reach !== 'present';
});

/** `rtoInfo: { initial: 0 as never }`, with a mark at every name. */
function literal(name: string, fields: Fields | FieldKind, without: readonly string[]): string {
  if (isKind(fields)) return `${MARK}${name}: 0 as never`;
  const inner = Object.entries(fields)
    .filter(([field, kind]) => !without.includes(field) && !(isKind(kind) && kind.isReadOnly))
    .map(([field, kind]) => literal(field, kind, []));
  return `${MARK}${name}: { ${inner.join(', ')} }`;
}

const literals = settable
  .map((name) =>
    literal(name, optionTable[name].fields, Object.keys(optionTable[name].arguments ?? {})),
  )
  .map((text) => `  ${text},\n`)
  .join('');

/** `values.status.primary.rto`, with a mark at the last name, for all names. */
function readings(path: string, fields: Fields | FieldKind): string[] {
  if (isKind(fields)) return [];
  return Object.entries(fields).flatMap(([field, kind]) => [
    `${path}.${MARK}${field};`,
    ...readings(`${path}.${field}`, kind),
  ]);
}

/** `presets.ran.rtoInfo.max`, with a mark at the last name, for all names. */
function paths(path: string, value: object): string[] {
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => [
    `${path}.${MARK}${key};`,
    ...(typeof part === 'object' && part !== null ? paths(`${path}.${key}`, part) : []),
  ]);
}

function undocumented(hovered: readonly Hovered[]): string[] {
  return hovered
    .filter(({ documentation }) => documentation.trim() === '')
    .map(({ line, name }) => `${name} in: ${line.trim()}`);
}

describe.each(['.cts', '.mts'] as const)('in a program %s', (extension) => {
  const editor = new Editor(extension);

  /** Every name with a mark says what it means, and the program is a correct one. */
  function expectDocumented(program: string): void {
    const hovered = editor.hover(IMPORT + program);
    expect(editor.errors()).toEqual([]);
    expect(hovered.length).toBeGreaterThan(0);
    expect(undocumented(hovered)).toEqual([]);
  }

  test.each([
    `sctp.connect({ port: 1, ${MARK}sctp: {\n${literals}} });`,
    `new sctp.Socket().connect({ port: 1, ${MARK}sctp: {\n${literals}} });`,
    `sctp.createServer({ ${MARK}sctp: {\n${literals}} });`,
    `sctp.open({ ${MARK}sctp: {\n${literals}} }, () => undefined);`,
    `const options: sctp.SctpOptions = {\n${literals}};`,
  ])('options: %#', (program) => {
    expectDocumented(program);
  });

  test('options that are set', () => {
    const settable = optionNames.filter((name) => !optionTable[name].readOnly);
    const calls = settable
      .filter((name) => !isKind(optionTable[name].fields))
      .map((name) => literal(name, optionTable[name].fields, []))
      .map((text) => text.replace(MARK, '').split(/: (.*)/s))
      .map(([name = '', value = '']) => `socket.setOption('${name}', ${value});`);
    expectDocumented(`declare const socket: sctp.Socket;\n${calls.join('\n')}`);
  });

  test('options that are read', () => {
    const names = optionNames.map((name) => `values.${MARK}${name};`);
    const fields = optionNames.flatMap((name) =>
      readings(`values.${name}`, optionTable[name].fields),
    );
    const lines = [...names, ...fields].map((line) => line.replaceAll(/(?<=\w)\./g, '!.'));
    expectDocumented(`declare const values: sctp.OptionValues;\n${lines.join('\n')}`);
  });

  test('PPID, protocol and presets', () => {
    const lines = Object.entries({
      PPID: sctp.PPID,
      protocol: sctp.protocol,
      presets: sctp.presets,
    }).flatMap(([name, value]) => paths(`sctp.${name}`, value));
    expectDocumented(lines.join('\n'));
  });

  const { values, types } = editor.exports();

  test('what is exported', () => {
    expect(values).toEqual(expect.arrayContaining(['connect', 'open', 'PPID', 'Socket']));
    expect(types).toEqual(expect.arrayContaining(['SocketOptions', 'PeerAddrChangeNotification']));
    expectDocumented(
      [
        ...values.filter((name) => name in sctp).map((name) => `void sctp.${MARK}${name};`),
        ...types.map((name) => `type ${name} = sctp.${MARK}${name};`),
      ].join('\n'),
    );
  });

  test('members of all types', () => {
    const asked = types.map((name) => `type ${name} = sctp.${name};\n`);
    const members = editor.members(IMPORT + asked.join(''));
    // What streams have anyway, Node's documentation explains.
    const ours = (name: string): boolean => !name.startsWith('_') && !(name in Duplex.prototype);
    const lines = members.flatMap(({ type, names }) => [
      `declare const ${type}: sctp.${type};`,
      ...names.filter(ours).map((name) => `void ${type}['${MARK}${name}'];`),
    ]);
    expectDocumented(lines.join('\n'));
  });
});
