// A multi-homed echo: two addresses at each end, so two paths. One of them fails and comes back, and
// no message is lost.
//
//   node examples/failover.js     both ends, in a network of their own in which paths can be broken
//   node examples/failover.js presets [NAME…]     the same for each preset, and how long it took
//   node examples/failover.js server PORT ADDRESS,ADDRESS
//   node examples/failover.js client PORT ADDRESS,ADDRESS OWN,OWN     for two machines of yours
//
// The first form needs `unshare` (util-linux) and `ip` (iproute2), and not to be root: it changes
// nothing on the machine itself.
'use strict';
const { execFileSync, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const { clearInterval, setInterval } = require('node:timers');
const { setTimeout: sleep } = require('node:timers/promises');
const { connect, createServer, presets } = require('kernel-sctp');

// A path fails after three errors, so within 1.5 s. Defaults take a minute or more.
const quick = {
  rtoInfo: { initial: 100, min: 100, max: 400 }, // ms
  peerAddrParams: { hbInterval: 200, pathMaxRxt: 2 },
};

const [role, ...words] = process.argv.slice(2);
const addresses = { remote: '127.0.0.3,127.0.0.4', own: '127.0.0.1,127.0.0.2' };
const [port = '0', remote = addresses.remote, own = addresses.own] =
  role === 'server' || role === 'client' ? words : [];

async function serve(sctp = quick) {
  const server = createServer({ sctp }, (socket) => {
    socket.pipe(socket);
    socket.on('error', (error) => console.error(`client lost: ${error.message}`));
  });
  server.listen({ port: Number(port), localAddresses: remote.split(',') });
  await once(server, 'listening');
  console.log(`server at ${remote} port ${server.address().port}`);
  return server;
}

/** Sends a message each 20 ms until `stop()`; `answered` counts the echoes. */
async function ask(serverPort, sctp = quick) {
  const socket = connect({
    port: serverPort,
    remoteAddresses: remote.split(','),
    localAddresses: own.split(','),
    sctp,
  });
  socket.on('path', ({ address, change, state, primary }) => {
    console.log(`path to ${address}${primary ? ' (primary)' : ''}: ${change}, now ${state}`);
  });
  await once(socket, 'connect');
  for (const { address, state } of socket.paths) console.log(`path to ${address}: ${state}`);
  const client = { socket, sent: 0, answered: 0, stop };
  socket.on('data', (message) => {
    if (String(message) !== `message ${client.answered + 1}`) throw new Error(`got ${message}`);
    client.answered++;
  });
  const timer = setInterval(() => socket.write(`message ${++client.sent}`), 20);
  socket.on('close', () => clearInterval(timer));

  async function stop() {
    clearInterval(timer);
    while (client.answered < client.sent) await once(socket, 'data');
    console.log(`${client.sent} messages sent, ${client.answered} answered`);
    socket.end();
    await once(socket, 'close');
  }
  return client;
}

const ip = (...args) => execFileSync('ip', args);
const breakPath = () => ip('route', 'add', 'blackhole', '127.0.0.3', 'table', 'local');
const mendPath = () => ip('route', 'del', 'blackhole', '127.0.0.3', 'table', 'local');

async function becomes(socket, address, state) {
  const isSo = () => socket.paths.some((path) => path.address === address && path.state === state);
  while (!isSo()) await once(socket, 'path');
}

/** In a network of our own, where nobody else is disturbed. */
async function demonstrate() {
  ip('link', 'set', 'lo', 'up');
  const server = await serve();
  const client = await ask(server.address().port);
  await sleep(300);

  console.log('--- the primary path breaks');
  breakPath();
  await becomes(client.socket, '127.0.0.3', 'inactive');
  const before = client.answered;
  while (client.answered < before + 20) await once(client.socket, 'data');
  console.log('the other path has carried 20 more');

  console.log('--- the primary path is mended');
  mendPath();
  await becomes(client.socket, '127.0.0.3', 'active');
  await sleep(300);
  await client.stop();
  server.close();
}

/** How long messages wait, and how long it takes until the path is reported: docs/telecom.md. */
async function measure(names) {
  ip('link', 'set', 'lo', 'up');
  for (const name of names) {
    const server = await serve(presets[name]);
    const client = await ask(server.address().port, presets[name]);
    await sleep(300);
    const start = Date.now();
    let last = start;
    let longest = 0;
    client.socket.on('data', () => {
      longest = Math.max(longest, Date.now() - last);
      last = Date.now();
    });
    breakPath();
    await becomes(client.socket, '127.0.0.3', 'inactive');
    const reported = Date.now() - start;
    mendPath();
    await client.stop();
    server.close();
    await once(server, 'close');
    console.log(
      `${name}: messages waited ${longest} ms, the path was reported after ${reported} ms`,
    );
  }
}

function runElsewhere(inside = []) {
  const isRoot = process.getuid() === 0;
  const unshare = isRoot ? ['--net'] : ['--net', '--user', '--map-root-user'];
  const self = [...process.execArgv, process.argv[1], 'inside', ...inside];
  const { status, error } = spawnSync('unshare', [...unshare, process.execPath, ...self], {
    stdio: 'inherit',
  });
  if (error) console.error(`unshare, of util-linux, is needed: ${error.message}`);
  process.exitCode = status ?? 1;
}

async function main() {
  if (role === 'server') await serve();
  else if (role === 'inside') await (words.length > 0 ? measure(words) : demonstrate());
  else if (role === 'presets') runElsewhere(words.length > 0 ? words : Object.keys(presets));
  else if (role === undefined) runElsewhere();
  else {
    const client = await ask(Number(port));
    process.once('SIGINT', () => void client.stop());
    console.log('Ctrl-C stops it');
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
