// WebRTC data channels without a browser: two ends in one process, which exchange packets over UDP.
// In earnest DTLS would carry them (RFC 8261). No SCTP is needed in the kernel.
const { createSocket } = require('node:dgram');
const { once } = require('node:events');
const { createDataChannelAssociation } = require('kernel-sctp/channels');

async function bind() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** One UDP packet for each SCTP packet. */
function transportOf(socket, peer) {
  const transport = {
    send: (packet) => socket.send(packet, peer.address().port, '127.0.0.1'),
  };
  socket.on('message', (packet) => transport.onPacket?.(packet));
  return transport;
}

async function main() {
  const [a, b] = await Promise.all([bind(), bind()]);
  const client = createDataChannelAssociation({ role: 'client', transport: transportOf(a, b) });
  const server = createDataChannelAssociation({ role: 'server', transport: transportOf(b, a) });

  server.on('datachannel', (channel) => {
    console.log(`server: channel '${channel.label}', protocol '${channel.protocol}'`);
    channel.on('message', (data) => {
      console.log(`server: ${typeof data === 'string' ? data : `${data.length} bytes`}`);
      if (typeof data !== 'string') channel.send(`got ${data.length} bytes`);
    });
    channel.on('close', () => console.log('server: the channel is closed'));
  });

  // A channel can be made before the association is up.
  const chat = client.createDataChannel('chat', { protocol: 'text' });
  chat.onopen = () => {
    chat.send('hello');
    chat.send(Buffer.alloc(200_000));
  };
  chat.onmessage = ({ data }) => {
    console.log(`client: ${data}`);
    chat.close();
  };
  await Promise.all([client.connect(), server.connect()]);
  await once(chat, 'close');

  await client.close(); // after everything is delivered
  console.log(`client: ${client.state}`);
  a.close();
  b.close();
}

void main();
