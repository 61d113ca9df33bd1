// Two parties exchange SCTP messages over this kernel's stack. Run it with `npm run demo`.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';

import { connect, createServer, open, support } from 'kernel-sctp';

const DIAMETER = 46; // payload protocol identifier (RFC 6733)

/** Opens a handle whose messages and troubles can be awaited one by one. */
function party(name) {
  const events = new EventEmitter();
  const handle = open('127.0.0.1', 0, 200_000, (result, info) => {
    if (typeof result === 'string') {
      events.emit('trouble', result);
    } else {
      const [data, host, port] = result;
      events.emit('message', { data, host, port, ...info });
    }
  });
  const { address, port } = handle.address();
  console.log(`${name} is open on ${address}:${port}`);
  return {
    name,
    port,
    handle,
    nextMessage: async () => (await once(events, 'message'))[0],
    nextTrouble: async () => (await once(events, 'trouble'))[0],
  };
}

async function say(from, to, data, info) {
  const arrival = to.nextMessage();
  assert.equal(from.handle.send(data, '127.0.0.1', to.port, info), data.length);
  const message = await arrival;
  const text = data.length > 60 ? `${data.length} bytes` : `"${message.data}"`;
  console.log(
    `${to.name} got ${text} from ${message.host}:${message.port}, ` +
      `ppid ${message.ppid}, stream ${message.sid}`,
  );
  assert.ok(message.data.equals(data), 'the message is not what was sent');
  assert.equal(message.port, from.port);
  assert.equal(message.ppid, info?.ppid ?? 0);
}

console.log(`Linux ${support().kernel}, SCTP ${support().sctp ? 'is there' : 'is missing'}`);
const alice = party('Alice');
const bob = party('Bob');

await say(alice, bob, Buffer.from('Hello, Bob'), { ppid: DIAMETER });
await say(bob, alice, Buffer.from('Hello, Alice'), { ppid: DIAMETER, sid: 1 });
await say(alice, bob, Buffer.alloc(100_000, 'x'));

console.log('Alice writes to a port where nobody listens …');
const trouble = alice.nextTrouble();
alice.handle.send(Buffer.from('Anybody there?'), '127.0.0.1', 1);
const text = await trouble;
console.log(`reported to Alice: ${text}`);
assert.match(text, /127\.0\.0\.1:1\b/);

const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
await once(server, 'listening');
const carol = connect(server.address().port, '127.0.0.1');
carol.write('Is this a stream?');
const [answer] = await once(carol, 'data');
console.log(`Carol, a Socket on engine '${carol.engine}', got "${answer}"`);
carol.end();
await once(carol, 'close');
server.close();

alice.handle.close();
bob.handle.close();
console.log('Both are closed: all went well.');
