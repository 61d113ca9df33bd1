// Measures what a socket costs beside its messages, ours and net's in turn: JavaScript heap while it is idle, making
// one, accepting and destroying one, a short life from connect to close. Needs SCTP, and `npm run build` first:
//   scripts/with-sctp [--clock=instructions] node scripts/socket-costs/measure.mjs [OPTION…]
//
//   --only=NAME,…   only these of heap, new, destroy, life
//   --package=DIR   another build of this package, to compare
//   --profile=DIR   leave CPU profiles and a heap snapshot there
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'heap,new,destroy,life' },
    package: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    profile: { type: 'string', default: '' },
  },
});
const wanted = values.only.split(',');
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Runs a measurement in a process of its own, against a peer in another. @returns what it reports */
async function measure(name, transport) {
  const peer = fork(path('peer.mjs'), [transport, values.package]);
  const args = [name, transport, values.package, values.profile];
  const worker = fork(path('worker.mjs'), args, { execArgv: ['--expose-gc'] });
  peer.on('message', (message) => worker.connected && worker.send(message));
  worker.on('message', (message) => message.ask && peer.connected && peer.send(message.ask));
  const [result] = await new Promise((resolve, reject) => {
    worker.on('message', (message) => message.result && resolve([message.result]));
    worker.once('exit', (code) => reject(new Error(`${name}, ${transport}: status ${code}`)));
  });
  peer.kill();
  await once(worker, 'exit');
  return result;
}

const results = {};
for (const name of wanted) {
  for (const transport of ['sctp', 'net']) {
    (results[name] ??= {})[transport] = await measure(name, transport);
  }
}
console.log(JSON.stringify(results, undefined, 2));
