/** Diagnostics of `open`: it has no object for an association, so one is published with its peer. */
import { open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { Inbox } from '../support/inbox';
import { Published } from '../support/published';
import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';

const LOCAL = '127.0.0.1';
const UP = 'kernel-sctp:association:up';
const LOST = 'kernel-sctp:association:lost';
const SHUTDOWN = 'kernel-sctp:association:shutdown';
const FAILED = 'kernel-sctp:send:failed';

const peerAt = (port: number) => ({
  association: { remoteAddress: LOCAL, remoteFamily: 'IPv4', remotePort: port },
});

describeSctp('associations of open', () => {
  test('are up, and shut down', async () => {
    const published = new Published(UP, LOST, SHUTDOWN);
    const handle = closing(open({ host: LOCAL }, () => undefined));
    const peer = await PythonPeer.open();
    handle.send(Buffer.from('x'), LOCAL, peer.port);
    expect(await published.on(UP)).toEqual([peerAt(peer.port)]);
    await handle.shutdown(LOCAL, peer.port);
    expect(published.all.slice(1)).toEqual([[SHUTDOWN, peerAt(peer.port)]]);
  });

  test('are aborted here, and there', async () => {
    const published = new Published(LOST, SHUTDOWN);
    const one = new Inbox();
    const near = closing(open({ host: LOCAL }, one.onRecv));
    const two = new Inbox();
    const far = closing(open({ host: LOCAL }, two.onRecv));
    near.send(Buffer.from('x'), LOCAL, far.address().port);
    await two.waitForMessages(1);
    near.abort(LOCAL, far.address().port, 'enough');
    await two.waitForErrors(1);
    expect(await published.on(LOST, 2)).toEqual([
      { ...peerAt(far.address().port), reason: 'local', causes: [] },
      {
        ...peerAt(near.address().port),
        reason: 'aborted',
        causes: [expect.objectContaining({ code: 12, text: 'enough' })],
      },
    ]);
  });

  test('a message that is not delivered', async () => {
    const published = new Published(FAILED);
    const inbox = new Inbox();
    const handle = closing(open({ host: LOCAL }, inbox.onRecv));
    handle.send(Buffer.from('nobody'), LOCAL, 9, { sid: 1, context: 7 });
    const [message] = await published.on(FAILED);
    expect(message).toMatchObject(peerAt(9));
    expect(message?.error).toMatchObject({ sid: 1, context: 7, sent: false, unordered: true });
    expect(String(message?.error.data)).toBe('nobody');
  });
});
