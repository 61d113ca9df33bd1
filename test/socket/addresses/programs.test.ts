/** Programs with several addresses: how they end, and what handlers that throw do. */
import { type Ended, startNode } from '../../support/child';
import { describeSctp } from '../../support/sctp';

const meeting = `
  const { connect, createServer } = require('kernel-sctp');
  const sctp = { authSupported: true, asconfSupported: true };
  const EVENTS = ['notification', 'address-change', 'path', 'peer-info-update'];
  const server = createServer({ sctp }, (peer) => onPeer(peer));
  server.listen({ localAddresses: ['127.0.0.3', '127.0.0.4'] }, () => {
    const client = connect({
      port: server.address().port,
      localAddresses: ['127.0.0.1', '127.0.0.2'],
      remoteAddresses: ['127.0.0.3', '127.0.0.4'],
      sctp,
    });
    client.on('connect', () => onClient(client));
  });`;

async function run(source: string): Promise<Ended> {
  return startNode(meeting + source).ended;
}

describeSctp('a program that listens for every event', () => {
  test('ends when its sockets do not keep it', async () => {
    const ended = await run(`
      server.unref();
      function onPeer(peer) {
        for (const event of EVENTS) peer.on(event, () => undefined);
        peer.unref();
      }
      function onClient(client) {
        for (const event of EVENTS) client.on(event, () => undefined);
        client.addLocalAddress('127.0.0.5');
        client.removeLocalAddress('127.0.0.5');
        client.unref();
        process.on('exit', () => console.log('exit'));
      }`);
    expect(ended).toEqual({ code: 0, signal: null, stdout: 'exit\n', stderr: '' });
  });

  test('ends when its sockets are closed', async () => {
    const ended = await run(`
      function onPeer(peer) {
        for (const event of EVENTS) peer.on(event, () => undefined);
        peer.resume();
        server.close();
      }
      function onClient(client) {
        for (const event of EVENTS) client.on(event, () => undefined);
        client.removeLocalAddress('127.0.0.2');
        client.resume().end();
      }`);
    expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  test('hears of everything, though its handlers throw, and nothing thrown is lost', async () => {
    const ended = await run(`
      process.on('uncaughtException', ({ message }) => console.log('thrown:', message));
      function onPeer(peer) {
        peer.resume();
        server.close();
      }
      function onClient(client) {
        for (const event of EVENTS) {
          client.once(event, () => {
            console.log(event);
            if (event === 'peer-info-update') client.resume().end();
            throw new Error(event);
          });
        }
        client.setPrimary('127.0.0.4');
      }`);
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const lines = ended.stdout.trimEnd().split('\n');
    const events = ['notification', 'address-change', 'path', 'peer-info-update'];
    expect(lines.slice(0, 4)).toEqual(events);
    expect(lines.slice(4).sort()).toEqual(events.map((event) => `thrown: ${event}`).sort());
  });
});
