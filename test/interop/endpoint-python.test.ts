/** Endpoints and Python's one-to-many sockets, both ways. */
import { once } from 'node:events';

import { startPython } from '../support/child';
import {
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  portOf,
} from '../support/endpoints';
import { describeSctp } from '../support/sctp';

const SOCKET = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_SEQPACKET, socket.IPPROTO_SCTP)
s.bind(("${HOST}", 0))
`;

describeSctp('a Python program with SOCK_SEQPACKET', () => {
  test('begins associations with an endpoint', async () => {
    const server = listeningEndpoint();
    server.on('message', (data, info, association) => {
      association.send(Buffer.from(`${String(data)} back`), { sid: info.sid });
    });
    const peer = startPython(`${SOCKET}
for i in range(20):
    s.sendto(b"message %d" % i, ("${HOST}", ${String(portOf(server))}))
for i in range(20):
    assert s.recv(100) == b"message %d back" % i
print("all came back")
s.close()
`);
    const [association] = (await once(server, 'association')) as [Parameters<typeof endOf>[0]];
    await peer.printed(/all came back/);
    expect((await endOf(association)).reason).toBe('shutdown');
  });

  test('answers the associations of an endpoint, one of them ended by each side', async () => {
    const peer = startPython(`${SOCKET}
s.listen(5)
print("port", s.getsockname()[1])
while True:
    data, address = s.recvfrom(1000)
    if data == b"end":
        break
    s.sendto(data.upper(), address)
s.close()
`);
    const port = Number((await peer.printed(/port (\d+)/))[1]);
    const [one, other] = await Promise.all(
      [endpointFor(), endpointFor()].map((endpoint) => endpoint.connect({ host: HOST, port })),
    );
    if (!one || !other) throw new Error('no association');
    one.send(Buffer.from('first'));
    expect(await nextTexts(one, 1)).toEqual(['FIRST']);
    other.send(Buffer.from('second'));
    expect(await nextTexts(other, 1)).toEqual(['SECOND']);
    await one.shutdown();
    const end = endOf(other);
    other.send(Buffer.from('end'));
    expect((await end).reason).toBe('shutdown');
  });
});
