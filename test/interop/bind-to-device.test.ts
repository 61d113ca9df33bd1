/** A socket that is bound to one of a host's devices. */
import { start } from '../support/child';
import { twoHosts } from '../support/namespaces';
import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';

describeSctp('bindToDevice', () => {
  test('packets leave by the device, whatever the routes say', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    const peer = await PythonPeer.open({ style: 'stream', host: '0.0.0.0', prefix: b.prefix });
    // Connects one after the other with each of these devices.
    const source = `
      const { connect } = require('kernel-sctp');
      const { once } = require('node:events');
      (async () => {
        for (const bindToDevice of ['', 'eth0', 'eth1']) {
          const sctp = { bindToDevice };
          const socket = connect({ host: '10.0.1.2', port: ${String(peer.port)}, sctp });
          await once(socket, 'connect');
          console.log(bindToDevice + '>' + socket.getOption('bindToDevice'));
          socket.end().resume();
          await once(socket, 'close');
        }
      })();`;
    const [command, ...args] = [...a.prefix, process.execPath, '-e', source];
    const { stdout, stderr } = await start(command, args).ended;
    expect([stdout, stderr]).toEqual(['>\neth0>eth0\neth1>eth1\n', '']);
    const accepted = peer.events.filter(({ event }) => event === 'accepted');
    expect(accepted.map((event) => 'host' in event && event.host)).toEqual([
      ...['10.0.1.1', '10.0.0.1', '10.0.1.1'],
    ]);
  });
});
