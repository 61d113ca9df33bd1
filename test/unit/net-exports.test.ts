/** Programs for `net` find everything they know of it here, by `require` and by `import`. */
import * as net from 'node:net';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as sctp from 'kernel-sctp';

import { projectRoot } from '../support/child';

/** But for its own parts, which nothing is reported of, and what came with Node 26. */
const exported = Object.keys(net).filter((name) => !/^_|^default$|^BoundSocket$/.test(name));

test.each(exported)('net.%s', (name) => {
  const theirs = (net as unknown as Record<string, unknown>)[name];
  const ours = (sctp as unknown as Record<string, unknown>)[name];
  expect(typeof ours).toBe(typeof theirs);
});

test('what knows nothing of TCP is that of net', () => {
  expect(sctp.isIP('::1')).toBe(6);
  expect([sctp.isIPv4('127.0.0.1'), sctp.isIPv6('127.0.0.1')]).toEqual([true, false]);
  expect(sctp.BlockList).toBe(net.BlockList);
  expect(sctp.SocketAddress).toBe(net.SocketAddress);
  expect(sctp.getDefaultAutoSelectFamily()).toBe(net.getDefaultAutoSelectFamily());
});

test('older names', () => {
  expect(sctp.Stream).toBe(sctp.Socket);
  expect(sctp.createConnection).toBe(sctp.connect);
});

test('the page lists the members whose types differ, as test/types/net.cts has them', () => {
  const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
  const [, table = ''] =
    /^\| Member of `net\.Socket`[^]*?^\| -.*?\n([^]*?)\n\n/m.exec(read('docs/net.md')) ?? [];
  const listed = [...table.matchAll(/^\|([^|]*)/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g));
  const declared = read('test/types/net.cts').matchAll(/^type Undefined =([^;]*);/gm);
  expect(listed).toEqual([...declared].flatMap(([, names = '']) => names.match(/\w+/g)));
});

test('the module can be imported by names and as one', async () => {
  const program = `
    import sctp, { connect, createServer, Server, Socket } from 'kernel-sctp';
    import * as all from 'kernel-sctp';
    console.log(sctp.connect === connect, sctp.createServer === createServer);
    console.log(sctp.Server === Server, sctp.Socket === Socket);
    console.log(Object.keys(sctp).every((name) => sctp[name] === all[name]), all.default === sctp);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    { cwd: projectRoot },
  );
  expect(stdout).toBe('true true\ntrue true\ntrue true\n');
});
