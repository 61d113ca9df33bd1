/** How processes and workers with endpoints end. */
import { startNode } from '../support/child';
import { HOST, listeningEndpoint, portOf, textsOf } from '../support/endpoints';
import { describeSctp } from '../support/sctp';

const PAIR = `
const { createEndpoint } = require('kernel-sctp');
const server = createEndpoint().listen({ host: '127.0.0.1' });
const client = createEndpoint();
async function pair() {
  const up = new Promise((resolve) => server.once('association', resolve));
  const near = await client.connect({ host: '127.0.0.1', port: server.address().port });
  return { near, far: await up };
}
`;

async function expectEnd(program: string, stdout = ''): Promise<void> {
  const end = await startNode(program).ended;
  expect(end).toEqual({ code: 0, signal: null, stderr: '', stdout });
}

describeSctp('a process with endpoints', () => {
  test('ends once they are closed', async () => {
    await expectEnd(
      `${PAIR}
pair().then(async ({ near, far }) => {
  far.send(Buffer.from('x'));
  await Promise.all([server.close(), client.close()]);
  console.log('closed');
});`,
      'closed\n',
    );
  });

  test('ends though they are open, if they are unreferenced', async () => {
    await expectEnd(`${PAIR}
pair().then(({ near }) => {
  near.on('message', () => undefined);
  server.unref();
  client.unref();
});`);
  });

  test('may exit in the middle of anything', async () => {
    await expectEnd(`${PAIR}
pair().then(({ near, far }) => {
  near.on('message', () => process.exit());
  near.peelOff();
  far.send(Buffer.alloc(100_000));
  for (let i = 0; i < 100; i++) far.send(Buffer.alloc(10_000));
  setImmediate(() => process.exit());
});`);
  });

  test.each([
    ['in the same tick', 1, 'send(); process.exit();'],
    ['in an exit handler', 1, "process.on('exit', send); process.exit();"],
    ['before, and in an exit handler', 2, "process.on('exit', send); send(); process.exit();"],
  ])('loses none of the messages that were accepted %s', async (_, times, scene) => {
    const server = listeningEndpoint();
    const texts = textsOf(server);
    const over = new Promise((resolve) => {
      server.on('association', (association) => association.on('close', resolve));
    });
    await expectEnd(`
const { createEndpoint } = require('kernel-sctp');
createEndpoint().connect({ host: '${HOST}', port: ${String(portOf(server))} }).then((near) => {
  const send = () => {
    for (const text of ['one', 'two', 'three']) near.send(Buffer.from(text));
  };
  ${scene}
});`);
    await over;
    expect(texts).toEqual(Array.from({ length: times }, () => ['one', 'two', 'three']).flat());
  });

  test('may terminate a worker that has some, at any time', async () => {
    await expectEnd(
      `
const { Worker } = require('node:worker_threads');
const program = ${JSON.stringify(`${PAIR}
pair().then(({ near, far }) => {
  require('node:worker_threads').parentPort.postMessage('up');
  near.pause();
  const go = () => { try { far.send(Buffer.alloc(10_000)); } catch {} setImmediate(go); };
  go();
});`)};
async function main() {
  for (let delay = 0; delay < 60; delay += 12) {
    const worker = new Worker(program, { eval: true });
    await new Promise((resolve) => worker.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, delay));
    await worker.terminate();
  }
  console.log('terminated');
}
main();`,
      'terminated\n',
    );
  });

  test('a listener that throws is an uncaught exception, and the next message comes', async () => {
    await expectEnd(
      `${PAIR}
process.on('uncaughtException', (error) => console.log(error.message));
pair().then(({ near, far }) => {
  near.on('message', (data) => {
    if (String(data) === 'first') throw new Error('thrown');
    console.log(String(data));
    server.destroy();
    client.destroy();
  });
  far.send(Buffer.from('first'));
  far.send(Buffer.from('second'));
});`,
      'thrown\nsecond\n',
    );
  });
});
