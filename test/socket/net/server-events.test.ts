/** What a server reports, in which order and when: as that of `net`, scenario by scenario. */
import { once } from 'node:events';

import {
  expectSameJournal,
  facts,
  type NetServer,
  portOfAny,
  turns,
} from '../../support/twin-servers';
import { describeSctp } from '../../support/sctp';

/** Marks the ticks, the microtasks and the turns of the event loop that follow. */
function marking(note: (entry: string) => void): void {
  void Promise.resolve().then(() => {
    note('microtask');
  });
  process.nextTick(() => {
    note('tick');
  });
  setImmediate(() => {
    note('turn');
  });
}

function noteState(note: (entry: string) => void, server: NetServer): void {
  note(`listening ${String(server.listening)}, address ${server.address() ? 'known' : 'unknown'}`);
}

const toldOf = (note: (entry: string) => void, name: string) => (error?: Error) => {
  note(`${name} ${JSON.stringify(error && facts(error))}`);
};

const HOSTS: [string, string[]][] = [
  ['every address', []],
  ['a numeric host', ['127.0.0.1']],
];

describeSctp('the order of events is that of net', () => {
  test.each(HOSTS)('listen() on %s', async (_, host) => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server();
      noteState(note, ours);
      ours.listen(0, ...host, () => {
        note(`callback ${String(ours.listening)}`);
      });
      marking(note);
      await turns();
      note(`listening ${String(ours.listening)}`);
    });
  });

  test('listen() on a name', async () => {
    const journal = await expectSameJournal(async ({ server, note }) => {
      const ours = server();
      ours.listen(0, 'localhost', () => {
        note('callback');
      });
      noteState(note, ours);
      await once(ours, 'listening');
      note(`listening ${String(ours.listening)}`);
    });
    expect(journal).toEqual([
      'listening false, address unknown',
      'listening',
      'callback',
      'listening true',
    ]);
  });

  test.each(HOSTS)('close() right after listen() on %s', async (_, host) => {
    await expectSameJournal(async ({ server, note }) => {
      server()
        .listen(0, ...host, () => {
          note('callback');
        })
        .close();
      marking(note);
      await turns();
    });
  });

  test('close() and its callback, of a server that listens', async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server().listen(0);
      await once(ours, 'listening');
      const returned = ours.close(toldOf(note, 'callback'));
      note(`same ${String(returned === ours)}, listening ${String(ours.listening)}`);
      marking(note);
      await turns();
    });
  });

  test('close() of a server that never listened, with and without a callback', async () => {
    await expectSameJournal(async ({ server, note }) => {
      server().close(toldOf(note, 'callback'));
      server().close();
      marking(note);
      await turns();
    });
  });

  test('close() twice at once, and again later', async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server().listen(0);
      await once(ours, 'listening');
      ours.close(toldOf(note, 'first'));
      ours.close(toldOf(note, 'second'));
      await turns();
      ours.close(toldOf(note, 'third'));
      await turns();
    });
  });

  test.each([undefined, null, 5, 'text', {}])(
    'close(%p): what is no function is not called',
    async (value) => {
      await expectSameJournal(async ({ server }) => {
        const ours = server().listen(0);
        await once(ours, 'listening');
        ours.close(value as () => void);
        await turns();
      });
    },
  );

  test('close() while a name is looked up', async () => {
    const journal = await expectSameJournal(async ({ server, note }) => {
      const ours = server().listen(0, 'localhost');
      ours.close(toldOf(note, 'callback'));
      await new Promise((resolve) => setTimeout(resolve, 100)); // for the lookup, which is void
      note(`listening ${String(ours.listening)}`);
    });
    expect(journal).toContain('listening false');
  });

  test("close() in 'listening', and listen() in 'close'", async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server();
      let rounds = 0;
      ours.on('listening', () => ours.close());
      ours.on('close', () => {
        if (++rounds < 3) ours.listen(0);
        else note('done');
      });
      ours.listen(0);
      while (rounds < 3) await turns();
    });
  });

  test('listen() right after close(), and in its callback', async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server().listen(0);
      await once(ours, 'listening');
      ours.close(toldOf(note, 'closed')).listen(0, () => {
        note('listens again');
      });
      await turns();
      const again = server().listen(0);
      await once(again, 'listening');
      again.close(() => {
        again.listen(0, () => {
          note('listens again, too');
        });
      });
      await turns();
    });
  });

  test('a callback of listen() is called once, though the server listens again', async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server();
      ours.listen(0, () => {
        note('first');
        ours.close();
      });
      await once(ours, 'close');
      note(`${String(ours.listenerCount('listening'))} listener left`);
      ours.listen(0, () => {
        note('second');
      });
      await once(ours, 'listening');
    });
  });

  test('listen() twice throws, and disturbs nothing', async () => {
    const journal = await expectSameJournal(async ({ server, note }) => {
      const ours = server().listen(0);
      const twice = (): void => {
        try {
          ours.listen(0, () => {
            note('never called');
          });
        } catch (error) {
          note(JSON.stringify(facts(error)));
        }
      };
      twice();
      await once(ours, 'listening');
      const port = portOfAny(ours);
      twice();
      await turns();
      note(String(portOfAny(ours) === port));
    });
    expect(journal.at(-1)).toBe('true');
  });

  test('listen() while a name is looked up: the later call counts', async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server();
      ours.listen(0, 'localhost', () => {
        note('first');
      });
      ours.listen(0, () => {
        note('second');
      });
      await once(ours, 'listening');
      note(JSON.stringify({ ...(ours.address() as object), port: 0 }));
      await new Promise((resolve) => setTimeout(resolve, 100)); // for the lookup, which is void
    });
  });

  test.each([
    ['a port that is taken', (port: number): unknown[] => [port]],
    ['a host and port that are taken', (port: number): unknown[] => [port, '127.0.0.1']],
    ['an address of others', (): unknown[] => [0, '192.0.2.1']],
    ['an address and port of others', (): unknown[] => [4444, '192.0.2.1']],
    ['an IPv6 address of others', (): unknown[] => [4444, '2001:db8::1']],
    ['a name that is none', (): unknown[] => [0, 'no-such-host.invalid']],
  ])('listen() on %s, and on another after that', async (name, args) => {
    await expectSameJournal(async ({ listening, server, note }) => {
      const taken = await listening();
      const ours = server();
      const failed = new Promise((resolve) => ours.once('error', resolve));
      (ours.listen as (...all: unknown[]) => NetServer)(...args(portOfAny(taken)), () => {
        note('callback');
      });
      if (name !== 'a name that is none') marking(note); // no resolver answers that fast
      await failed;
      noteState(note, ours);
      await turns();
      ours.listen(0);
      await once(ours, 'listening');
    });
  });

  test("the next port, and the next, from 'error' until one is free", async () => {
    await expectSameJournal(async ({ listening, server, note }) => {
      const ports = [portOfAny(await listening()), portOfAny(await listening()), 0];
      const ours = server();
      ours.on('error', () => ours.listen(ports.shift()));
      ours.listen(ports.shift());
      await new Promise((resolve) => ours.once('listening', resolve));
      note(`${String(ports.length)} left`);
    });
  });

  test('AbortSignal: before, at once, later, after close()', async () => {
    await expectSameJournal(async ({ server, note }) => {
      server().listen({ port: 0, signal: AbortSignal.abort() });
      marking(note);
      await turns();
      const early = new AbortController();
      server().listen({ port: 0, signal: early.signal });
      early.abort();
      await turns();
      const later = new AbortController();
      const ours = server().listen({ port: 0, signal: later.signal });
      await once(ours, 'listening');
      later.abort();
      note(`listening ${String(ours.listening)}`);
      await turns();
      const late = new AbortController();
      const closed = server().listen({ port: 0, signal: late.signal });
      await once(closed, 'listening');
      closed.close();
      await once(closed, 'close');
      closed.listen(0);
      late.abort();
      await turns();
      note(`listening ${String(closed.listening)}`);
      const named = new AbortController();
      server().listen({ port: 0, host: 'localhost', signal: named.signal });
      named.abort();
      await new Promise((resolve) => setTimeout(resolve, 100)); // for the lookup, which is void
    });
  });

  test('[Symbol.asyncDispose]: before listen, listening, closed', async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server();
      await ours[Symbol.asyncDispose]();
      note('never listened');
      ours.listen(0);
      await once(ours, 'listening');
      await ours[Symbol.asyncDispose]();
      note(`listening ${String(ours.listening)}`);
      await ours[Symbol.asyncDispose]();
      note('twice');
      await turns();
    });
  });

  test("getConnections(): later, and 'close' after the last connection", async () => {
    await expectSameJournal(async ({ net, server, note }) => {
      const ours = server().listen(0, '127.0.0.1');
      await once(ours, 'listening');
      const accepted = once(ours, 'connection');
      const client = net.connect(portOfAny(ours), '127.0.0.1');
      await Promise.all([accepted, once(client, 'connect')]);
      const [peer] = (await accepted) as [ReturnType<typeof net.connect>];
      note(`server ${String((peer as unknown as { server: unknown }).server === ours)}`);
      const count = (name: string): Promise<void> =>
        new Promise((resolve) => {
          const returned = ours.getConnections((error, connections) => {
            note(`${name}: ${String(error)} ${String(connections)}`);
            resolve();
          });
          note(`same ${String(returned === ours)}`);
          marking(note);
        });
      await count('one');
      await turns();
      ours.close(toldOf(note, 'closed'));
      await count('closing');
      await turns();
      client.end();
      peer.resume().end();
      client.resume();
      await once(ours, 'close');
      await count('none');
      await turns();
    });
  });

  test.each([undefined, null, 5, 'text', {}])('getConnections(%p) throws', async (value) => {
    await expectSameJournal(({ server, note }) => {
      try {
        server().getConnections(value as never);
        note('no error');
      } catch (error) {
        note(JSON.stringify(facts(error)));
      }
    });
  });
});
