// A rolling restart: a new server process takes over the port of the old one while clients go on
// asking, and what that costs is counted.
//
//   node examples/rolling-restart.js [RESTARTS [CLIENTS]]
//
// Both listen with `reusePort`; the kernel gives each association to one of them. The old one then
// closes its server, and ends when its associations have. Who was given to it, and not accepted yet,
// is aborted: such a client asks again, and is counted. So every client must be able to connect again;
// what a restart spares it is an interval in which nobody listens.
'use strict';
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { setTimeout: sleep } = require('node:timers/promises');
const { connect, createServer } = require('kernel-sctp');

const HOST = '127.0.0.1';
const MOST_ATTEMPTS = 10;

/** One that answers each message with its generation. */
function runServer(generation, port) {
  const server = createServer((socket) => {
    socket.on('data', () => socket.end(generation));
    socket.on('error', () => undefined); // the client's to report
  });
  server.listen({ host: HOST, port: Number(port), reusePort: true }, () => {
    process.send({ port: server.address().port });
  });
  // 'stop': no new associations; those that there are end by themselves, and then this process.
  process.once('message', () => {
    server.close();
    process.disconnect();
  });
}

async function startServer(generation, port) {
  const child = fork(__filename, ['server', String(generation), String(port)]);
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (message?.port === undefined) throw new Error('a server did not start');
  return { child, port: message.port };
}

function ask(port) {
  return new Promise((resolve, reject) => {
    let answer;
    const socket = connect({ port, host: HOST }, () => socket.write('which?'));
    socket.on('data', (data) => (answer = String(data)));
    socket.on('error', reject);
    socket.on('close', () => (answer ? resolve(answer) : reject(new Error('no answer'))));
  });
}

/** Asks again and again, until `state.isOver`. */
async function runClient(port, state) {
  while (!state.isOver) {
    state.asked++;
    for (let attempt = 1; ; attempt++) {
      try {
        const generation = await ask(port);
        state.answered.set(generation, (state.answered.get(generation) ?? 0) + 1);
        break;
      } catch (error) {
        const reason = error.code ?? error.message;
        state.again.set(reason, (state.again.get(reason) ?? 0) + 1);
        if (attempt === MOST_ATTEMPTS) {
          state.lost++;
          break;
        }
      }
    }
  }
}

async function main(restarts = '2', clients = '4') {
  const state = { asked: 0, answered: new Map(), again: new Map(), lost: 0, isOver: false };
  let { child, port } = await startServer(0, 0);
  const running = Array.from({ length: Number(clients) }, () => runClient(port, state));
  for (let generation = 1; generation <= Number(restarts); generation++) {
    await sleep(500);
    const next = await startServer(generation, port);
    const gone = once(child, 'exit');
    child.send('stop');
    await gone;
    console.log(`generation ${generation - 1} is gone`);
    child = next.child;
  }
  await sleep(500);
  state.isOver = true;
  await Promise.all(running);
  child.send('stop');
  for (const [generation, count] of state.answered) {
    console.log(`generation ${generation} has answered ${count}`);
  }
  for (const [reason, count] of state.again) console.log(`asked again after ${reason}: ${count}`);
  const answered = [...state.answered.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${state.asked} asked, ${answered} answered, ${state.lost} lost`);
}

if (process.argv[2] === 'server') runServer(process.argv[3], process.argv[4]);
else {
  main(...process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
