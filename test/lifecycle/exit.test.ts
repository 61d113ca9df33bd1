/** How a program with handles ends, by itself or by its own hand. */
import { open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { Inbox } from '../support/inbox';
import { describeSctp } from '../support/sctp';
import { HOST } from './kit';
import { run, startProgram, success } from './run';

describeSctp('a program ends by itself', () => {
  test('when it has closed its handles, whatever they were doing', async () => {
    const ended = await run(`
      open(HOST, 0, 1000, () => {}).close();
      const silent = open(HOST, 0, 1000, () => {});
      setImmediate(silent.close);
      const starting = open(HOST, 0, 1000, () => {});
      starting.send(Buffer.from('x'), HOST, silent.address().port);
      starting.close();
      const refused = open(HOST, 0, 1000, refused_ => refused.close());
      refused.send(Buffer.from('x'), HOST, 9);
      const pair = await openPair(([data]) => {
        if (String(data) !== '5') return;
        pair.close();
        console.log('closed all');
      });
      pair.send(...'123456789');
    `);
    expect(ended).toEqual(success('closed all\n'));
  });

  test('when its open handles are unreferenced, whatever they were doing', async () => {
    const ended = await run(`
      open(HOST, 0, 1000, () => {}).unref();
      open(HOST, 0, 1000, () => {}).unref().ref().unref().unref();
      const busy = await openPair(() => {});
      busy.sender.unref();
      busy.receiver.unref();
      busy.send(...'123456789');
      const starting = open(HOST, 0, 1000, () => {});
      starting.send(Buffer.from('x'), HOST, busy.receiver.address().port);
      starting.unref();
      const inCallback = await openPair(() => {
        inCallback.receiver.unref();
        console.log('unreferenced all');
      });
      inCallback.sender.unref();
      inCallback.send('x');
    `);
    expect(ended).toEqual(success('unreferenced all\n'));
  });

  test('close() in beforeExit and in exit handlers does no harm', async () => {
    const ended = await run(`
      const handles = [1, 2, 3].map(() => open(HOST, 0, 1000, () => {}).unref());
      process.on('beforeExit', () => handles[0].close());
      process.on('exit', (code) => {
        handles[1].send(Buffer.from('x'), HOST, 9);
        for (const handle of handles) handle.close();
        open(HOST, 0, 1000, () => {});
        console.log('exit', code);
      });
    `);
    expect(ended).toEqual(success('exit 0\n'));
  });

  test('after close() with waiting messages, as soon as the kernel has taken them', async () => {
    const inbox = new Inbox();
    const receiver = closing(open({ host: HOST }, inbox.onRecv));
    const program = run(
      `
      const sctp = { sndBuf: 4608 };
      const handle = open({ host: HOST, unordered: false, sctp }, () => {});
      const port = Number(process.env.RECEIVER_PORT);
      for (let i = 0; i < 200; i++) handle.send(Buffer.alloc(1000, i), HOST, port);
      handle.close();
      console.log('closed');
      `,
      { env: { RECEIVER_PORT: String(receiver.address().port) } },
    );
    expect(await program).toEqual(success('closed\n'));
    await inbox.waitForMessages(200);
    expect(inbox.messages.map(({ data }) => data[999])).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
    expect(inbox.errors).toEqual([]);
  });
});

describeSctp('an open handle keeps the program alive', () => {
  test('also one that was unreferenced in between, dropped and met by the collector', async () => {
    const program = startProgram(`
      const listen = () => {
        const { port } = open(HOST, 0, 1000, ([data]) => {
          console.log('got', String(data));
          gc();
          if (String(data) === 'end') process.exit(0);
        }).unref().ref().address();
        return port;
      };
      const port = listen();
      for (let i = 0; i < 20; i++) {
        gc();
        await turn();
      }
      console.log('port', port);
    `);
    const port = Number((await program.printed(/port (\d+)/))[1]);
    const { send } = closing(open(HOST, 0, 1000, () => undefined));
    for (const text of ['one', 'two', 'three', 'end']) {
      send(Buffer.from(text), HOST, port);
      await program.printed(new RegExp(`got ${text}`));
    }
    expect(await program.ended).toEqual(
      success(`port ${String(port)}\ngot one\ngot two\ngot three\ngot end\n`),
    );
  });
});

describeSctp('process.exit()', () => {
  test('in onRecv ends the process there and then', async () => {
    const ended = await run(`
      process.on('exit', (code) => console.log('exit', code));
      const pair = await openPair(([data]) => {
        console.log(String(data));
        if (String(data) === '3') process.exit(7);
      });
      pair.send(...'123456789');
    `);
    expect(ended).toEqual({ ...success('1\n2\n3\nexit 7\n'), code: 7 });
  });

  test.each([
    ['in the same tick', 1, 'send(); process.exit();'],
    ['in an exit handler', 1, "process.on('exit', send); process.exit();"],
    ['before, and in an exit handler', 2, "process.on('exit', send); send(); process.exit();"],
  ])('loses none of the messages that were accepted %s', async (_, times, scene) => {
    const inbox = new Inbox();
    const receiver = closing(open({ host: HOST }, inbox.onRecv));
    const ended = await run(
      `
      const handle = open({ host: HOST, unordered: false }, () => {});
      const port = Number(process.env.RECEIVER_PORT);
      handle.send(Buffer.from('hello'), HOST, port);
      await until(() => handle.associations().some(({ state }) => state === 'up'));
      const send = () => {
        for (const text of ['one', 'two', 'three']) handle.send(Buffer.from(text), HOST, port);
      };
      ${scene}
      `,
      { env: { RECEIVER_PORT: String(receiver.address().port) } },
    );
    expect(ended).toEqual(success());
    const expected = Array.from({ length: times }, () => ['one', 'two', 'three']).flat();
    await inbox.waitForMessages(1 + expected.length);
    expect(inbox.messages.map(({ data }) => String(data))).toEqual(['hello', ...expected]);
  });

  test('with messages that the kernel had no room for', async () => {
    const ended = await run(`
      const sctp = { sndBuf: 4608 };
      const options = { host: HOST, sctp, sendBufferLimit: 100_000 };
      const handle = open(options, () => {});
      const peer = open(HOST, 0, 65536, () => {});
      try {
        for (;;) handle.send(Buffer.alloc(1000), HOST, peer.address().port);
      } catch (error) {
        console.log(error.code);
      }
      process.exit(3);
    `);
    expect(ended).toEqual({ ...success('ERR_SCTP_SEND_BUFFER_FULL\n'), code: 3 });
  });

  test('right after open, and while associations are starting', async () => {
    const ended = await run(`
      const handles = Array.from({ length: 20 }, () => open(HOST, 0, 1000, () => {}));
      for (const [i, { send }] of handles.entries()) {
        send(Buffer.from('x'), HOST, handles[(i + 1) % 20].address().port);
      }
      process.exit();
    `);
    expect(ended).toEqual(success());
  });
});
