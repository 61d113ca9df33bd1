/** Nothing that version 0.1.0 offered is missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as sctp from 'kernel-sctp';

import { projectRoot } from '../support/child';

type Surface = Record<
  | 'exports'
  | 'Socket'
  | 'Server'
  | 'DatagramHandle'
  | 'socketEvents'
  | 'serverEvents'
  | 'errorCodes',
  string[]
>;

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8');
const former = JSON.parse(read('test', 'unit', 'surface-0.1.0.json')) as Surface;

/** Names of an object's own and inherited properties, symbols as their text. */
/** Newer Nodes have the symbol of the language, older ones their own. */
const nameOf = (key: string | symbol) =>
  key === Symbol.asyncDispose ? 'Symbol(nodejs.asyncDispose)' : String(key);

function namesOf(object: object): Set<string> {
  const names = new Set<string>();
  for (let one: unknown = object; one !== null; one = Object.getPrototypeOf(one)) {
    for (const key of Reflect.ownKeys(one as object)) names.add(nameOf(key));
  }
  return names;
}

function sources(folder: string): string {
  const entries = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' });
  return entries
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(folder, name))
    .join('\n');
}

function expectAll(names: readonly string[], present: Set<string>): void {
  expect(names.filter((name) => !present.has(name))).toEqual([]);
}

test('exports', () => {
  expectAll(former.exports, namesOf(sctp));
});

test('members of Socket', () => {
  expect(former.Socket.length).toBe(60);
  expectAll(former.Socket, namesOf(new sctp.Socket()));
});

test('members of Server', () => {
  expectAll(former.Server, namesOf(sctp.createServer()));
});

test('members of a handle', () => {
  const declared = sources('lib/datagram');
  for (const name of former.DatagramHandle.filter((one) => !one.startsWith('Symbol'))) {
    expect(declared).toMatch(new RegExp(`readonly ${name} = `));
  }
  expect(declared).toContain('[inspect.custom]()');
  expect(declared).toMatch(/\[(Symbol\.)?dispose\]\(\)/);
});

test('events', () => {
  const declared = sources('types') + sources('lib/server');
  for (const event of [...former.socketEvents, ...former.serverEvents]) {
    expect(declared).toMatch(new RegExp(`^ +'?${event}'?: \\[`, 'm'));
  }
});

test('error codes', () => {
  const present = new Set(sources('lib').match(/ERR_[A-Z_]+/g));
  expect(former.errorCodes.length).toBeGreaterThan(15);
  expectAll(former.errorCodes, present);
});
