// Data channels with a web browser: a page, and signalling, at http://127.0.0.1:8080.
//
//   npm install kernel-sctp werift
//   node examples/browser.js [PORT [HOST]]
//
// werift has ICE and DTLS in JavaScript; kernel-sctp/channels takes the place of its SCTP.
'use strict';
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');
const { join } = require('node:path');
const { RTCPeerConnection } = require('werift');
const { createDataChannelAssociation } = require('kernel-sctp/channels');

const MAX_MESSAGE_SIZE = 262_144;

/** An SDP without `a=max-message-size` stands for 65536 (RFC 8841 §6). */
function maxMessageSizeOf(sdp) {
  return Number(/^a=max-message-size:(\d+)/m.exec(sdp)?.[1] ?? 65_536);
}

/**
 * Answers a browser's offer, which must have its candidates (no trickle ICE).
 * @param onAssociation is given the association when DTLS is up, before it connects
 * @returns { answer: its SDP, close }
 */
async function answerTo(offer, onAssociation) {
  const connection = new RTCPeerConnection();
  // Browsers hide their addresses behind names of multicast DNS. They find us, so we need none.
  const sdp = offer.replace(/^a=candidate:.*\.local .*\r\n/gm, '');
  await connection.setRemoteDescription({ type: 'offer', sdp });

  const { dtlsTransport } = connection.sctpTransport;
  // Browser and server are on one network; else werift asks a STUN server, and waits for it.
  dtlsTransport.iceTransport.connection.stunServer = undefined;
  let association;
  connection.sctpTransport.start = async (remotePort) => {
    const transport = {
      send: (packet) => dtlsTransport.sendData(packet).catch(() => undefined), // it is lost
    };
    association = createDataChannelAssociation({
      transport,
      role: dtlsTransport.role, // the DTLS client's channels have even ids (RFC 8832 §6)
      remotePort,
      maxMessageSize: MAX_MESSAGE_SIZE,
      remoteMaxMessageSize: maxMessageSizeOf(offer),
      zeroChecksum: true, // if the browser can: DTLS detects errors
    });
    dtlsTransport.dataReceiver = (packet) => transport.onPacket?.(packet);
    dtlsTransport.onStateChange.subscribe((state) => {
      if (state === 'closed' || state === 'failed') association.abort();
    });
    onAssociation(association);
    await association.connect();
  };

  await connection.setLocalDescription(await connection.createAnswer());
  const answer = connection.localDescription.sdp.replace(
    /^a=max-message-size:.*$/m,
    `a=max-message-size:${MAX_MESSAGE_SIZE}`,
  );
  return {
    answer,
    async close() {
      association?.abort();
      await connection.close();
    },
  };
}

/** Greets on a channel of its own, and answers what comes on the browser's. */
function converse(association) {
  const greeting = association.createDataChannel('greeting');
  greeting.onopen = () => greeting.send('hello from Node.js');
  association.on('datachannel', (channel) => {
    console.log(`the browser has opened '${channel.label}'`);
    channel.on('message', (data) => {
      console.log(typeof data === 'string' ? `> ${data}` : `> ${data.length} bytes`);
      channel.send(data);
    });
  });
  association.on('close', (error) => console.log(error ? error.message : 'closed'));
}

function serve(port, host) {
  const page = readFileSync(join(__dirname, 'browser.html'));
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/offer') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
      return;
    }
    try {
      const { answer } = await answerTo(await text(request), converse);
      response.end(answer);
    } catch (error) {
      response.writeHead(400).end(error.message);
    }
  });
  server.listen(port, host, () => {
    console.log(`open http://${host}:${server.address().port} in a browser`);
  });
}

if (require.main === module) {
  const [port = '8080', host = '127.0.0.1'] = process.argv.slice(2);
  serve(Number(port), host);
}

module.exports = { answerTo };
