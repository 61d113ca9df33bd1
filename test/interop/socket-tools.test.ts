/** ncat and socat, which know nothing of messages, talk to our sockets and servers. */
import { once } from 'node:events';

import { connect, type Socket } from 'kernel-sctp';

import { type Program, start } from '../support/child';
import { bytesArrived, noise } from '../support/collect';
import { freePort, whenListening } from '../support/lksctp';
import { describeSctp } from '../support/sctp';
import { destroying, listening, portOf } from '../support/sockets';

const HOST = '127.0.0.1';

interface Tool {
  client: (port: number) => Program;
  server: (port: number) => Program;
}

const tools: Record<string, Tool> = {
  ncat: {
    client: (port) => start('ncat', ['--sctp', HOST, String(port)]),
    server: (port) => start('ncat', ['--sctp', '-l', HOST, String(port)]),
  },
  socat: {
    client: (port) => start('socat', ['-', `SCTP-CONNECT:${HOST}:${String(port)}`]),
    server: (port) => start('socat', ['-', `SCTP-LISTEN:${String(port)},bind=${HOST},reuseaddr`]),
  },
};

interface Meeting {
  program: Program;
  ours: Socket;
}

async function asClient({ client }: Tool): Promise<Meeting> {
  const server = await listening({ oversize: 'split' });
  const program = client(portOf(server));
  const [ours] = (await once(server, 'connection')) as [Socket];
  return { program, ours };
}

async function asServer({ server }: Tool): Promise<Meeting> {
  const port = freePort();
  const program = server(port);
  await whenListening(program, port);
  const ours = destroying(connect({ host: HOST, port, oversize: 'split' }));
  await once(ours, 'connect');
  return { program, ours };
}

describeSctp('programs for any stream', () => {
  describe.each(Object.keys(tools))('%s', (name) => {
    const tool = tools[name] as Tool;

    test.each([
      ['client', asClient],
      ['server', asServer],
    ])('as a %s: there and back, and its end', async (_role, meet) => {
      const { program, ours } = await meet(tool);
      program.say('hello');
      expect(String(await once(ours, 'data'))).toBe('hello\n');
      ours.write('hello yourself\n');
      await program.printed(/hello yourself/);
      const closed = once(ours, 'close');
      ours.resume();
      ours.end();
      expect(await closed).toEqual([false]);
    });

    test.each([
      ['client', asClient],
      ['server', asServer],
    ])('as a %s: more than a megabyte to it', async (_role, meet) => {
      const { program, ours } = await meet(tool);
      const content = noise(1_200_001);
      const arrived = bytesArrived(program.process.stdout, content.length);
      ours.write(content);
      expect((await arrived).equals(content)).toBe(true);
    });

    test('as a client: more than a megabyte from it', async () => {
      const { program, ours } = await asClient(tool);
      const content = noise(1_200_001);
      const arrived = bytesArrived(ours, content.length);
      program.process.stdin.write(content);
      expect((await arrived).equals(content)).toBe(true);
    });

    test('as a client whose input ends: it shuts the association down', async () => {
      const { program, ours } = await asClient(tool);
      const ended = Promise.all([once(ours, 'end'), once(ours, 'close')]);
      const data = once(ours, 'data');
      program.process.stdin.end('bye\n');
      expect(String(await data)).toBe('bye\n');
      ours.resume();
      await ended;
      expect((await program.ended).code).toBe(0);
    });

    test('as a client that is sent ABORT: it ends', async () => {
      const { program, ours } = await asClient(tool);
      program.say('hello');
      await once(ours, 'data');
      ours.resetAndDestroy();
      const { signal } = await program.ended;
      expect(signal).toBeNull();
    });

    test('as a client that is killed: an end, or ECONNRESET', async () => {
      const { program, ours } = await asClient(tool);
      program.say('hello');
      await once(ours, 'data');
      let code: string | undefined;
      ours.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
      ours.resume();
      const closed = new Promise((resolve) => ours.once('close', resolve));
      program.process.kill('SIGKILL');
      expect(await closed).toBe(code !== undefined);
      expect([undefined, 'ECONNRESET']).toContain(code);
    });
  });
});
