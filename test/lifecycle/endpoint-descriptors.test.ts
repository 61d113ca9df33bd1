/** Endpoints in a process that has no descriptor left: associations stay where they are, and whole. */
import { run, success } from './run';
import { describeSctp } from '../support/sctp';

const PAIR = `
const fs = require('node:fs');
const { execFileSync } = require('node:child_process');
const { createEndpoint } = require('kernel-sctp');
execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=100:100']);
const taken = [];
const exhaust = () => {
  for (;;) {
    try {
      taken.push(fs.openSync('/dev/null'));
    } catch ({ code }) {
      return console.log(code);
    }
  }
};
const free = () => taken.splice(0).forEach((fd) => fs.closeSync(fd));
const server = createEndpoint({ highWaterMark: 1 }).listen({ host: HOST });
const client = createEndpoint();
const begun = new Promise((resolve) => server.once('association', resolve));
const near = await client.connect({ host: HOST, port: server.address().port });
const far = await begun;
for (const one of [near, far]) one.on('close', ({ reason }) => console.log(reason));
const texts = [];
const end = async () => {
  await Promise.all([client.close(), server.close()]);
};
`;

describeSctp('without a descriptor left', () => {
  test('peelOff() throws, and the association goes on', async () => {
    const ended = await run(`${PAIR}
      far.on('message', (data) => texts.push(String(data)));
      exhaust();
      try {
        far.peelOff();
      } catch ({ code, syscall }) {
        console.log(code, syscall);
      }
      near.send(Buffer.from('still here'));
      await until(() => texts.length === 1);
      free();
      const socket = far.peelOff();
      socket.on('data', (data) => console.log(texts[0] + ', ' + data)).on('end', () => socket.end());
      near.send(Buffer.from('moved'));
      await near.shutdown();
      await end();`);
    const { stdout, ...rest } = ended;
    expect(rest).toMatchObject({ code: 0, stderr: '' });
    const lines = ['EMFILE', 'EMFILE peelOff', 'peeledOff', 'shutdown', 'still here, moved'];
    expect(stdout.trim().split('\n').toSorted()).toEqual(lines);
  });

  test('one that nobody reads stays, and loses nothing', async () => {
    const ended = await run(`${PAIR}
      exhaust();
      far.pause();
      const COUNT = 300;
      for (let i = 0; i < COUNT; i++) near.send(Buffer.from(String(i)));
      await until(() => far.readAheadBytes > 0);
      for (const start = performance.now(); performance.now() - start < 300; ) await turn();
      console.log(server.associations.length);
      free();
      far.on('message', (data) => texts.push(Number(data)));
      far.resume();
      await until(() => texts.length === COUNT);
      console.log(texts.every((number, i) => number === i));
      await near.shutdown();
      await end();`);
    expect(ended).toEqual(success('EMFILE\n1\ntrue\nshutdown\nshutdown\n'));
  });
});
