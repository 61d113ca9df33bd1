/** Data channels on a Socket, over the kernel's SCTP. */
import { once } from 'node:events';

import type { ConnectOptions, Socket } from 'kernel-sctp';
import { type DataChannel, dataChannels, type SocketChannels } from 'kernel-sctp/channels';

import { describeSctp } from '../support/sctp';
import { connectedPair } from '../support/sockets';

const options: Partial<ConnectOptions> = {
  OS: 100,
  MIS: 100,
  sctp: { reconfigSupported: true, enableStreamReset: { resetStreams: true } },
};

async function meet(): Promise<{ ours: SocketChannels; theirs: SocketChannels; client: Socket }> {
  const { client, peer } = await connectedPair({ client: options, server: options });
  const ours = dataChannels(client, { role: 'client' });
  const theirs = dataChannels(peer, { role: 'server' });
  return { ours, theirs, client };
}

describeSctp('data channels on a Socket', () => {
  test('are opened, used and closed', async () => {
    const { ours, theirs } = await meet();
    const channel = ours.createDataChannel('kernel', { protocol: 'p', ordered: true });
    const [[peer]] = (await Promise.all([once(theirs, 'datachannel'), once(channel, 'open')])) as [
      [DataChannel],
      unknown,
    ];
    expect(peer).toMatchObject({ label: 'kernel', protocol: 'p', id: 0 });
    const got: (string | Buffer)[] = [];
    peer.on('message', (data) => got.push(typeof data === 'string' ? data : Buffer.from(data)));
    channel.send('text');
    channel.send(Buffer.alloc(50_000, 1));
    channel.send('');
    expect(channel.bufferedAmount).toBeGreaterThan(0);
    await channel.drained();
    const closed = once(peer, 'close');
    channel.close();
    await Promise.all([closed, once(channel, 'close')]);
    expect(got).toEqual(['text', Buffer.alloc(50_000, 1), '']);
    const again = ours.createDataChannel('again');
    expect(again.id).toBe(0);
    await Promise.all([once(theirs, 'datachannel'), once(again, 'open')]);
  });

  test('end with the association', async () => {
    const { ours, client } = await meet();
    const channel = ours.createDataChannel('x');
    await once(channel, 'open');
    const closed = once(channel, 'close');
    client.destroy();
    await closed;
    expect(channel.readyState).toBe('closed');
    expect(() => ours.createDataChannel('y')).toThrow(/over/);
  });

  test('bad arguments', async () => {
    const { client } = await meet();
    expect(() => dataChannels({} as never, { role: 'client' })).toThrow(TypeError);
    expect(() => dataChannels(client, { role: 'both' as 'client' })).toThrow(TypeError);
  });
});
