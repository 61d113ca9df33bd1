/** The examples with endpoints do what they say. */
import { once } from 'node:events';
import { join } from 'node:path';

import type { Endpoint, EndpointAssociation } from 'kernel-sctp';

import { projectRoot, start } from '../support/child';
import { endpointFor, HOST, nextTexts } from '../support/endpoints';
import { describeSctp } from '../support/sctp';

async function run(name: string) {
  const program = start(process.execPath, [join(projectRoot, 'examples', name), '0']);
  const [, port] = await program.printed(/listening on \S+:(\d+)/);
  return { program, port: Number(port) };
}

function member(port: number, endpoint: Endpoint = endpointFor()): Promise<EndpointAssociation> {
  return endpoint.connect({ host: HOST, port });
}

describeSctp('the example', () => {
  test('of a chat hub', async () => {
    const { program, port } = await run('chat-hub.js');
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

  test('of a signalling gateway', async () => {
    const { program, port } = await run('sgp.js');
    const message = (...[messageClass, type, text = '']: [number, number, string?]): Buffer =>
      Buffer.concat([
        Buffer.from([1, 0, messageClass, type, 0, 0, 0, 8 + text.length]),
        Buffer.from(text),
      ]);
    const asps = await Promise.all([member(port), member(port)]);
    for (const asp of asps) {
      for (const messageClass of [3, 4]) {
        asp.send(message(messageClass, 1), { ppid: 'M3UA' });
        const [answer, info] = (await once(asp, 'message')) as [Buffer, { ppid: number }];
        expect([answer[2], answer[3], info.ppid]).toEqual([
          messageClass,
          messageClass === 3 ? 4 : 3,
          3,
        ]);
      }
    }
    const traffic = once(asps[1], 'message') as Promise<[Buffer, { sid: number }]>;
    asps[0].send(message(1, 1, 'payload'), { sid: 2 });
    const [data, { sid }] = await traffic;
    expect([String(data.subarray(8)), sid]).toEqual(['payload', 2]);
    const abort = once(asps[0], 'close');
    asps[0].send(Buffer.from('nonsense'));
    expect(await abort).toMatchObject([{ reason: 'aborted', causes: [{ text: 'not M3UA' }] }]);
    const over = once(asps[1], 'close');
    program.process.kill('SIGTERM');
    await over;
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
