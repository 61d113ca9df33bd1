/** Keys leave no trace in the process that has handed them to the kernel. */
import { openSync, readFileSync, readSync, closeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

import { startNode } from '../support/child';
import { describeSctp } from '../support/sctp';

/** How often the process has these bytes anywhere in its memory. */
function occurrences(pid: number, wanted: Buffer): number {
  const memory = openSync(`/proc/${String(pid)}/mem`, 'r');
  const maps = readFileSync(`/proc/${String(pid)}/maps`, 'ascii')
    .trim()
    .split('\n');
  let count = 0;
  for (const [, from = '', to = ''] of maps.flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    return match ? [match] : [];
  })) {
    const CHUNK = 1 << 22;
    const end = Number.parseInt(to, 16);
    for (let at = Number.parseInt(from, 16); at < end; at += CHUNK) {
      // Some more than a chunk, for what lies across two.
      const bytes = Buffer.alloc(Math.min(CHUNK + wanted.length - 1, end - at));
      try {
        readSync(memory, bytes, 0, bytes.length, at);
      } catch {
        continue; // reserved, not there
      }
      for (let i = bytes.indexOf(wanted); i >= 0; i = bytes.indexOf(wanted, i + 1)) count++;
    }
  }
  closeSync(memory);
  return count;
}

describeSctp('the memory of a process', () => {
  test('holds no key once sockets have it', async () => {
    const program = startNode(`
      const { connect, createServer, open } = require('kernel-sctp');
      const { readSync } = require('node:fs');
      const { once } = require('node:events');
      const key = Buffer.from(new ArrayBuffer(32));
      for (let got = 0; got < 32; ) got += readSync(0, key, got, 32 - got);
      console.log('has it');
      process.stdin.once('data', async () => {
        const sctp = { authSupported: true, authChunks: ['data'], authActiveKey: 1 };
        sctp.authKey = { keyNumber: 1, key };
        const server = createServer({ sctp }).listen(0, '127.0.0.1');
        const socket = connect({ port: server.address().port, host: '127.0.0.1', sctp });
        open({ host: '127.0.0.1', sctp }, () => undefined);
        const [peer] = await once(server, 'connection');
        if (socket.connecting) await once(socket, 'connect');
        socket.setOption('authKey', { keyNumber: 2, key });
        peer.setOption('authKey', { keyNumber: 2, key });
        socket.write('hello');
        await once(peer, 'data');
        delete sctp.authKey;
        key.fill(0);
        console.log('has used it');
      });`);
    const key = randomBytes(32);
    const pid = program.process.pid as number;
    program.process.stdin.write(key);
    await program.printed(/has it/);
    expect(occurrences(pid, key)).toBeGreaterThan(0);
    program.say('go on');
    await program.printed(/has used it/);
    expect(occurrences(pid, key)).toBe(0);
  });
});
