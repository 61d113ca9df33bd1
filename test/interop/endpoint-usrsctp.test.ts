/** usrsctp, the SCTP of another kernel (FreeBSD's) in user space: its example programs, over UDP (RFC 6951). */
import { once } from 'node:events';

import type { EndpointAssociation, ReceivedInfo } from 'kernel-sctp';

import { type Program, start } from '../support/child';
import { endOf, endpointFor, HOST, listeningEndpoint, portOf } from '../support/endpoints';
import { setSysctl } from '../support/own-network';
import { describeSctp } from '../support/sctp';

const PROGRAMS = '/usr/lib/usrsctp';
/** UDP ports of the kernel and of the programs. */
const KERNEL = 9899;
const SERVER = 9900;
const CLIENT = 9901;
/** SCTP ports that are fixed in the programs. */
const ECHO = 7;
const DISCARD = 9;
const LONG = 200_000;

/** The kernel takes packets in UDP, for sockets that are made from then on. */
function allowUdp(): void {
  setSysctl('net/sctp/udp_port', KERNEL);
}

function run(name: string, ...args: (number | string)[]): Program {
  return start(`${PROGRAMS}/${name}`, args.map(String));
}

/** To a server of usrsctp's, as soon as that listens. */
async function associationWith(port: number): Promise<EndpointAssociation> {
  const endpoint = endpointFor({
    sctp: {
      remoteUdpEncapsPort: { port: SERVER },
      rtoInfo: { initial: 100, min: 100, max: 200 },
    },
  });
  for (;;) {
    try {
      return await endpoint.connect({ host: HOST, port });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
    }
  }
}

describeSctp("usrsctp's programs", () => {
  test('an echo server returns messages as they were, and ends in order', async () => {
    allowUdp();
    run('echo_server', SERVER, KERNEL);
    const association = await associationWith(ECHO);
    const got: [length: number, Pick<ReceivedInfo, 'sid' | 'ppid' | 'unordered'>][] = [];
    const all = new Promise<void>((resolve) => {
      association.on('message', (data, { sid, ppid, unordered }) => {
        got.push([data.length, { sid, ppid, unordered }]);
        if (got.length === 3) resolve();
      });
    });
    association.send(Buffer.from('hello'), { sid: 3, ppid: 46 });
    association.send(Buffer.alloc(1000), { sid: 5, ppid: 0x01020304, unordered: true });
    association.send(Buffer.alloc(9000), { sid: 3, ppid: 60 });
    await all;
    expect(got.toSorted(([one], [other]) => one - other)).toEqual([
      [5, { sid: 3, ppid: 46, unordered: false }],
      [1000, { sid: 5, ppid: 0x01020304, unordered: true }],
      [9000, { sid: 3, ppid: 60, unordered: false }],
    ]);
    await association.shutdown();
  });

  test('a discard server takes long messages, and the next association after an ABORT', async () => {
    allowUdp();
    run('discard_server', SERVER, KERNEL);
    const aborted = await associationWith(DISCARD);
    aborted.send(Buffer.alloc(LONG));
    await aborted.dry();
    aborted.abort('enough');
    const next = await associationWith(DISCARD);
    next.send(Buffer.alloc(LONG));
    await next.shutdown();
  });

  test('a client is served, and ends the association', async () => {
    allowUdp();
    const server = listeningEndpoint();
    server.on('message', (data, { sid, ppid }, association) => {
      association.send(Buffer.from(`you said ${String(data)}`), { sid, ppid });
    });
    const program = run('client', HOST, portOf(server), 0, CLIENT, KERNEL);
    const [association] = (await once(server, 'association')) as [EndpointAssociation];
    const end = endOf(association);
    program.say('something');
    await program.printed(/you said something/);
    program.process.stdin.end();
    expect(await end).toEqual({ reason: 'shutdown', causes: [] });
    expect((await program.ended).code).toBe(0);
  });
});
