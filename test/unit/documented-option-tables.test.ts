/** The tables of options in docs/ have every option of our own, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../support/child';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

/** The members of an interface in types/. */
function membersOf(path: string, name: string): string[] {
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\n(.*?)^\\}`, 'ms').exec(
    read(path),
  )?.[1];
  return [...(body ?? '').matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(
    ([, member = '']) => member,
  );
}

/** What the first column of a page's tables names. */
const inTables = (path: string) =>
  read(path)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)])
    .map(([, name = '']) => name);

test('open', () => {
  const names = membersOf('types/datagram.d.ts', 'OpenOptions');
  expect(names.length).toBeGreaterThan(10);
  expect(
    inTables('docs/datagrams.md')
      .filter((name) => names.includes(name))
      .sort(),
  ).toEqual([...names].sort());
});

test('sockets: all but those that `net` has', () => {
  const ofNet =
    'allowHalfOpen noDelay typeOfService keepAlive keepAliveInitialDelay onread signal family ' +
    'lookup hints port localAddress localPort timeout autoSelectFamily captureRejections ' +
    'autoSelectFamilyAttemptTimeout readableHighWaterMark writableHighWaterMark protocol';
  const names = [
    ...membersOf('types/socket.d.ts', 'SocketOptions'),
    ...membersOf('types/socket.d.ts', 'ConnectOptions'),
    ...membersOf('types/engine.d.ts', 'EngineOptions'),
  ].filter((name) => !ofNet.split(' ').includes(name));
  expect(names.length).toBeGreaterThan(12);
  expect(names.filter((name) => !inTables('docs/sockets.md').includes(name))).toEqual([]);
});
