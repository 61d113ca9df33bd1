/** What close() does to messages under way, and other promises of the README. */
import { open } from 'kernel-sctp';

import { startNode } from '../support/child';
import { closing } from '../support/cleanup';
import { Inbox } from '../support/inbox';
import { describeSctp } from '../support/sctp';

describeSctp('close', () => {
  test('loses nothing that was sent, though our own input was not read', async () => {
    const inboxA = new Inbox();
    const inboxB = new Inbox();
    const a = closing(open('127.0.0.1', 0, 65536, inboxA.onRecv));
    const b = closing(open('127.0.0.1', 0, 65536, inboxB.onRecv));
    a.send(Buffer.from('first'), '127.0.0.1', b.address().port);
    await inboxB.waitForMessages(1);

    const COUNT = 100;
    for (let i = 0; i < COUNT; i++) {
      a.send(Buffer.alloc(1000), '127.0.0.1', b.address().port); // never read by b
      b.send(Buffer.alloc(1000), '127.0.0.1', a.address().port);
    }
    b.close();
    await inboxA.waitForMessages(COUNT);
    expect(inboxB.messages).toHaveLength(1);
    expect(inboxA.errors.filter((text) => text.includes('association'))).toEqual([]);
  });

  test('a new association follows, to a new handle on the same port', async () => {
    const inbox = new Inbox();
    const a = closing(open('127.0.0.1', 0, 65536, () => undefined));
    const b = closing(open('127.0.0.1', 0, 65536, inbox.onRecv));
    const { port } = b.address();
    a.send(Buffer.from('1'), '127.0.0.1', port);
    await inbox.waitForMessages(1);
    b.close();
    const again = new Inbox();
    closing(open('127.0.0.1', port, 65536, again.onRecv));
    // Until the old association has ended, the kernel refuses: ESHUTDOWN, or EPIPE.
    for (;;) {
      try {
        a.send(Buffer.from('2'), '127.0.0.1', port);
        break;
      } catch (error) {
        expect(['ESHUTDOWN', 'EPIPE']).toContain((error as NodeJS.ErrnoException).code);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    expect((await again.nextMessage()).data.toString()).toBe('2');
  });
});

describeSctp('promises of the README', () => {
  test('NODE_DEBUG=kernel-sctp traces notifications', async () => {
    const program = `
      const { open } = require('kernel-sctp');
      const a = open('127.0.0.1', 0, 1000, () => a.close());
      a.send(Buffer.from('x'), '127.0.0.1', a.address().port);`;
    const env = { NODE_DEBUG: 'kernel-sctp' };
    const { code, stderr } = await startNode(program, { env }).ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/KERNEL-SCTP \d+: 127\.0\.0\.1:\d+ /);
    expect(stderr).toContain("type: 'assocChange'");
  });

  test('without privilege the kernel limits the buffers, and support() shows it', async () => {
    const program = `
      const { open, support } = require('kernel-sctp');
      process.setgid(65534);
      process.setuid(65534);
      const a = open('127.0.0.1', 0, 1000, () => undefined);
      const { sndBufMax, rcvBufMax, unlimited } = support().buffers;
      console.log(unlimited, a.getOption('sndBuf') === 2 * sndBufMax, a.getOption('rcvBuf') === 2 * rcvBufMax);
      a.close();`;
    const { stdout, stderr } = await startNode(program).ended;
    expect(stderr).toBe('');
    expect(stdout).toBe('false true true\n');
  });
});
