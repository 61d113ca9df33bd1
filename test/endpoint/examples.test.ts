/** The examples with endpoints do what they say. */
import { once } from 'node:events';

import type { Endpoint, EndpointAssociation } from 'kernel-sctp';

import { endpointFor, HOST, nextTexts } from '../support/endpoints';
import { listeningExample } from '../support/examples';
import { describeSctp } from '../support/sctp';

function member(port: number, endpoint: Endpoint = endpointFor()): Promise<EndpointAssociation> {
  return endpoint.connect({ host: HOST, port });
}

describeSctp('the example', () => {
  test('of a chat hub', async () => {
    const { program, port } = await listeningExample('chat-hub.js');
    const first = await member(port);
    const greeting = nextTexts(first, 1);
    const second = await member(port);
    const name = `${HOST}:${String(second.localPort)}`;
    expect(await greeting).toEqual([`* ${name} is here`]);
    second.send(Buffer.from('hello'));
    expect(await nextTexts(first, 1)).toEqual([`${name}: hello`]);
    await second.shutdown();
    expect(await nextTexts(first, 1)).toEqual([`* ${name} has left (shutdown)`]);
    const over = once(first, 'close');
    program.process.kill('SIGTERM');
    await over;
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
