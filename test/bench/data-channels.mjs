// Data channels of kernel-sctp/channels and of werift: both ends in one process, packets handed
// over in the next turn of the event loop. scripts/bench-engine runs it.
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers';

import { createDataChannelAssociation } from 'kernel-sctp/channels';

const { RTCDataChannel, RTCDataChannelParameters, RTCSctpTransport } = createRequire(
  import.meta.url,
)('werift');

/** @returns { send, onMessage, close } between two ends that are connected */
async function ours() {
  const make = (role) => createDataChannelAssociation({ role, mtu: 1200 });
  const [a, b] = [make('client'), make('server')];
  a.setSendCallback((packet) => setImmediate(() => b.handleIncoming(packet)));
  b.setSendCallback((packet) => setImmediate(() => a.handleIncoming(packet)));
  const arrived = new Promise((resolve) => b.once('datachannel', resolve));
  const channel = a.createDataChannel('bench');
  await Promise.all([a.connect(), b.connect()]);
  const other = await arrived;
  return {
    send: (data) => channel.send(data),
    onMessage: (listener) => other.on('message', listener),
    close: () => {
      a.abort();
      b.abort();
    },
  };
}

async function werift() {
  const make = (role) => {
    const transport = new RTCSctpTransport(5000);
    const dtls = {
      id: role,
      iceTransport: { role },
      onStateChange: { subscribe: () => ({ unSubscribe: () => undefined }) },
      dataReceiver: () => undefined,
    };
    transport.setDtlsTransport(dtls);
    return { transport, dtls };
  };
  const [a, b] = [make('controlling'), make('controlled')];
  const join = (from, to) => {
    from.dtls.sendData = (packet) => {
      setImmediate(() => to.dtls.dataReceiver(Buffer.from(packet)));
      return Promise.resolve();
    };
  };
  join(a, b);
  join(b, a);
  const arrived = new Promise((resolve) => b.transport.onDataChannel.subscribe(resolve));
  await Promise.all([a.transport.start(5000), b.transport.start(5000)]);
  const channel = new RTCDataChannel(
    a.transport,
    new RTCDataChannelParameters({ label: 'bench', ordered: true }),
  );
  const other = await arrived;
  return {
    send: (data) => channel.send(data),
    onMessage: (listener) => other.onMessage.subscribe(listener),
    close: () => undefined,
  };
}

async function measure(make, size, count) {
  const pair = await make();
  const data = Buffer.alloc(size, 7);
  const most = Math.max(4, Math.ceil(262_144 / size / 4));
  let received = 0;
  const before = process.cpuUsage();
  await new Promise((resolve) => {
    pair.onMessage(() => {
      if (++received === count) resolve();
    });
    let sent = 0;
    const feed = () => {
      while (sent < count && sent - received < most) {
        pair.send(data);
        sent++;
      }
      if (sent < count) setImmediate(feed);
    };
    feed();
  });
  const { user, system } = process.cpuUsage(before);
  pair.close();
  const seconds = (user + system) / 1e6;
  return { megabytes: (size * count) / 1e6 / seconds, messages: count / seconds };
}

for (const [name, size, count] of [
  ['16 KB, the first', 16_384, 1000], // much of it is V8 compiling
  ['16 KB', 16_384, 10_000],
  ['64 B', 64, 20_000],
]) {
  const results = {};
  for (const [stack, make] of Object.entries({ ours, werift })) {
    await measure(make, size, count / 5); // warm
    const { megabytes, messages } = (results[stack] = await measure(make, size, count));
    console.log(
      `channels, ${stack}: ${name.padEnd(17)} ${megabytes.toFixed(1).padStart(8)} MB/cpu-s ` +
        `${messages.toFixed(0).padStart(10)} msg/cpu-s`,
    );
  }
  const ratio = results.ours.messages / results.werift.messages;
  console.log(`channels, ${name}: ${ratio.toFixed(1)} times werift's`);
}
process.exit();
