/** System calls that fail while messages go back and forth. */
import { runWithFaults } from '../faults/faults';
import { describeSctp } from '../support/sctp';
import { success } from './run';

describeSctp('the kernel has no memory for a message though the socket is writable', () => {
  test('no busy waiting; everything is delivered in order once it has some', async () => {
    const ended = await runWithFaults(`
      const before = await warm();
      const received = [];
      const pair = await openPair(([data]) => received.push(String(data)));
      const expected = Array.from({ length: 20 }, (_, i) => String(i));
      faults('sendmsg=EAGAIN', 'epoll=0', 'wake=0');
      pair.send(...expected);
      const { length } = expected;
      const sends = calls('sendmsg');
      let ticks = 0;
      await new Promise((resolve) => {
        const timer = setInterval(() => ++ticks === 20 && resolve(clearInterval(timer)), 50);
      });
      const tries = calls('sendmsg') - sends;
      const wakes = calls('epoll') + calls('wake');
      console.log(sends, tries > 0, tries <= 4 * ticks, wakes <= 8 * ticks || wakes, received.length);
      faults();
      await until(() => received.length === length);
      console.log(received.join() === expected.join());
      pair.close();
      console.log(descriptors() - before);
    `);
    expect(ended).toEqual(success('1 true true true 0\ntrue\n0\n'));
  });

  test('close() waits for it, the process too', async () => {
    const ended = await runWithFaults(`
      const received = [];
      const before = await warm();
      const pair = await openPair(([data]) => {
        received.push(String(data));
        if (received.length < 3) return;
        pair.receiver.close();
        console.log(received.join(), descriptors() - before);
      });
      faults('sendmsg=EAGAIN*5');
      pair.send('1', '2', '3');
      pair.sender.close();
    `);
    expect(ended).toEqual(success('1,2,3 0\n'));
  });

  test('close() gives up after its deadline, with a warning', async () => {
    const ended = await runWithFaults(`
      const { setTimeout: realTimeout } = globalThis;
      globalThis.setTimeout = (call, ms) => realTimeout(call, ms === 30_000 ? 100 : ms);
      const before = await warm();
      const { sender, send, receiver } = await openPair(console.log);
      process.on('warning', ({ code, message }) => {
        receiver.close();
        console.log(code, message, descriptors() - before);
      });
      faults('sendmsg=EAGAIN');
      send('a', 'b');
      sender.close();
    `);
    const text =
      'after close(): closed after 30 s, with 2 messages not yet sent and ' +
      '0 associations not yet set up';
    const warning = `SCTP_LOST_AFTER_CLOSE ${text} 0\n`;
    expect({ ...ended, stderr: '' }).toEqual(success(warning));
    expect(ended.stderr).toContain(`SctpWarning: ${text}`);
  });
});

describeSctp('the kernel refuses a message that waited', () => {
  test('onRecv gets it, may throw, and the others go out', async () => {
    const ended = await runWithFaults(`
      process.on('uncaughtException', (error) => console.log('caught', error.message));
      const before = await warm();
      const peer = open(HOST, 0, 1000, ([data]) => {
        console.log(String(data));
        if (String(data) !== '3') return;
        handle.close();
        peer.close();
        process.on('exit', () => console.log(descriptors() - before));
      });
      const handle = open({ host: HOST, unordered: false }, (text) => {
        console.log(text);
        throw new Error('thrown by onRecv');
      });
      const { port } = peer.address();
      faults('sendmsg=EAGAIN*1', 'sendmsg=ENETUNREACH*1');
      for (const text of '123') handle.send(Buffer.from(text), HOST, port);
      console.log('to', port);
    `);
    const port = /^to (\d+)\n/.exec(ended.stdout)?.[1] ?? '?';
    const lines = [
      `to ${port}`,
      `message of 1 bytes to 127.0.0.1:${port} not sent: network is unreachable (ENETUNREACH)`,
      'caught thrown by onRecv',
      '2',
      '3',
      '0',
    ];
    expect(ended).toEqual(success(`${lines.join('\n')}\n`));
  });
});

describeSctp('receiving fails', () => {
  test('ENOMEM once: onRecv gets it, and no message is lost', async () => {
    const ended = await runWithFaults(`
      const before = await warm();
      const pair = await openPair((result) => {
        console.log(typeof result === 'string' ? result : String(result[0]));
        if (typeof result === 'string') pair.close();
      });
      faults('recvmmsg=ENOMEM*1');
      pair.send('1', '2', '3');
      await until(() => descriptors() === before);
    `);
    const error = 'receiving failed: not enough memory (ENOMEM)';
    // The kernel may report an error before what was queued earlier: the messages come first.
    expect(ended).toEqual(success(`1\n2\n3\n${error}\n`));
  });

  test('EINTR and EAGAIN: nothing is reported, and no message is lost', async () => {
    const ended = await runWithFaults(`
      const pair = await openPair((result) => {
        console.log(typeof result === 'string' ? result : String(result[0]));
        if (String(result[0]) === '2') pair.close();
      });
      faults('recvmmsg=EINTR*3', 'recvmmsg=EAGAIN*3');
      pair.send('1', '2');
    `);
    expect(ended).toEqual(success('1\n2\n'));
  });

  test('EPOLLERR without a pending error, again and again: no message is lost', async () => {
    const ended = await runWithFaults(`
      const before = await warm();
      const received = [];
      const pair = await openPair((result) => received.push(result.toString()));
      for (let round = 1; round <= 3; round++) {
        faults('epoll=EPOLLERR*' + round);
        pair.send('a', 'b');
        await until(() => received.length === 2 * round);
        console.log(calls('epoll') >= 1);
      }
      pair.close();
      await turn();
      console.log(received.length, descriptors() - before);
    `);
    expect(ended).toEqual(success('true\ntrue\ntrue\n6 0\n'));
  });

  test('EPOLLERR with a pending error: the messages first, then the error, then the next', async () => {
    const ended = await runWithFaults(`
      const pair = await openPair((result) => {
        console.log(typeof result === 'string' ? result : String(result[0]));
        if (String(result[0]) === '2') pair.send('3');
        if (String(result[0]) === '3') pair.close();
      });
      faults('epoll=EPOLLERR*1', 'so_error=ETIMEDOUT*1');
      pair.send('1', '2');
    `);
    const error = 'receiving failed: connection timed out (ETIMEDOUT)';
    expect(ended).toEqual(success(`1\n2\n${error}\n3\n`));
  });
});
