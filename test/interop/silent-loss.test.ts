/** A receiver that goes while messages are on their way to it: what the sender learns. */
import { twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';
import { RemoteHandle } from './remote-handle';
import { RemoteSocket } from './remote-socket';

const COUNT = 10;

interface Ends {
  receiver: RemoteSocket;
  sender: RemoteSocket;
}

/** An association on which messages take half a second. */
async function farApart(): Promise<Ends> {
  const { a, b } = await twoHosts();
  const receiver = await RemoteSocket.server(b, { port: 0, host: '10.0.0.2' });
  const sender = await RemoteSocket.client(a, { port: receiver.port, host: '10.0.0.2' });
  await receiver.reported({ event: 'connection' });
  for (const host of [a, b]) await host.shape('eth0', 'netem', 'delay', '500ms');
  return { receiver, sender };
}

async function sendSome(sender: RemoteSocket): Promise<void> {
  for (let i = 0; i < COUNT; i++) await sender.call('write', 'on its way');
}

/** Of paths it may have some: an answer takes as long as the shortest RTO. */
const eventsOf = ({ events }: RemoteSocket): string[] =>
  events.map(({ event }) => event).filter((event) => !['address-change', 'path'].includes(event));

describeSctp('messages on their way to a receiver that', () => {
  test("is killed: its kernel acknowledges and discards them; 'unconfirmed' says so", async () => {
    const { receiver, sender } = await farApart();
    await sendSome(sender);
    receiver.program.process.kill('SIGKILL');
    const { unacknowledgedBytes } = await sender.reported({ event: 'unconfirmed' });
    await sender.reported({ event: 'close' });
    expect(unacknowledgedBytes).toBeGreaterThan(COUNT);
    expect(eventsOf(sender)).toEqual(['connect', 'unconfirmed', 'end', 'close']);
  });

  test('is killed, as `open` reports it', async () => {
    const { a, b } = await twoHosts();
    const receiver = await RemoteHandle.open(b, { host: '10.0.0.2' });
    const sender = await RemoteHandle.open(a, { host: '10.0.0.1' });
    await sender.send('sets up the association', '10.0.0.2', receiver.port);
    await receiver.inbox.waitForMessages(1);
    for (const host of [a, b]) await host.shape('eth0', 'netem', 'delay', '500ms');
    for (let i = 0; i < COUNT; i++) await sender.send('on its way', '10.0.0.2', receiver.port);
    receiver.program.process.kill('SIGKILL');
    const [text] = await sender.inbox.waitForErrors(1);
    expect(text).toMatch(
      /^association with 10\.0\.0\.2:\d+ was shut down by the peer with messages/,
    );
  });

  test('ends and is destroyed: the association is aborted', async () => {
    const { receiver, sender } = await farApart();
    await sendSome(sender);
    await receiver.call('end');
    await receiver.call('destroy');
    const { message } = await sender.reported({ event: 'error' });
    expect(message).toBe('read ECONNRESET');
    await sender.reported({ event: 'close' });
  });

  test('ends and reads on: they are delivered, and both ends are in order', async () => {
    const { receiver, sender } = await farApart();
    await sendSome(sender);
    await receiver.call('end');
    for (const end of [receiver, sender]) await end.reported({ event: 'close' });
    expect((await receiver.received()).messages).toBe(COUNT);
    // 'unconfirmed' if the SHUTDOWN came before the acknowledgements, as it should; but it may be late.
    const events = eventsOf(sender).filter((event) => event !== 'unconfirmed');
    expect(events).toEqual(['connect', 'end', 'close']);
  });
});
