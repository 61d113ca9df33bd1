/** A path that is taken down under a socket with two of them: between two hosts. */
import { start } from '../../support/child';
import { twoHosts } from '../../support/namespaces';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';

/** Connects from the other host, and prints what the kernel reports of paths. */
const program = `
  const { connect } = require('kernel-sctp');
  const [port] = process.argv.slice(1);
  const socket = connect({
    remoteAddresses: ['10.0.0.2', '10.0.1.2'],
    localAddresses: ['10.0.0.1', '10.0.1.1'],
    port: Number(port),
    sctp: {
      rtoInfo: { initial: 100, min: 100, max: 400 },
      peerAddrParams: { hbInterval: 200, pathMaxRxt: 2 },
    },
  });
  socket.on('connect', () => console.log('connect', socket.localAddress, socket.remoteAddress));
  socket.on('notification', (reported) => {
    if (reported.type === 'peerAddrChange') console.log(reported.address.address, reported.state);
  });
  socket.on('error', (error) => console.log(error.message));
  process.stdin.on('data', (data) => socket.write(data));
  process.stdin.on('end', () => socket.end());`;

describeSctp("'peerAddrChange'", () => {
  test('reports a path that goes and comes back; messages take the other', async () => {
    const hosts = await twoHosts({ links: 2 });
    const peer = await PythonPeer.open({
      style: 'stream',
      host: '0.0.0.0',
      prefix: hosts.b.prefix,
    });
    const node = [process.execPath, '-e', program, String(peer.port)];
    const [command, ...args] = [...hosts.a.prefix, ...node];
    const ours = start(command as string, args);
    await ours.printed(/connect 10\.0\.0\.1 10\.0\.0\.2/);

    await hosts.a.ip('link', 'set', 'eth0', 'down');
    await ours.printed(/10\.0\.0\.2 unreachable/);
    ours.say('over the other');
    expect((await peer.waitForMessages(1))[0]).toMatchObject({ length: 15 });

    await hosts.a.ip('link', 'set', 'eth0', 'up');
    await ours.printed(/10\.0\.0\.2 available/);
    ours.process.stdin.end();
    await peer.waitFor({ event: 'end' });
    const { code, stdout } = await ours.ended;
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/ECONN|ETIMEDOUT/);
  });
});
