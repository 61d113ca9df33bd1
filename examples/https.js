// HTTPS over SCTP: Node's own https, over sockets that carry bytes (`byteStream`).
//
//   node examples/https.js                                       both ends, in one process
//   node examples/https.js server [PORT [KEY-FILE CERTIFICATE-FILE]]
//   node examples/https.js client [PORT [HOST]]
//
// Without files the server makes a certificate for itself, which needs `openssl`; the client takes
// any. A browser or curl gets there by way of tcp-proxy.js.
'use strict';
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const https = require('node:https');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const tls = require('node:tls');
const { connect, createServer } = require('kernel-sctp');

const [role = 'both', port = role === 'both' ? '0' : '443', ...more] = process.argv.slice(2);

function identity([keyFile, certificateFile]) {
  if (certificateFile) {
    return { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'https-example-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const words = [...kind.split(' '), '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  try {
    execFileSync('openssl', words, { stdio: 'pipe' });
    return identity([key, cert]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function serve(whenListening) {
  const website = https.createServer(identity(more), (request, response) => {
    let bytes = 0;
    request.on('data', ({ length }) => (bytes += length));
    request.on('end', () => {
      response.end(`${request.method} ${request.url} with ${bytes} bytes\n`);
    });
  });
  website.on('tlsClientError', (error) => console.error(`client lost: ${error.message}`));
  // allowHalfOpen, as http's own servers have it: a response may be ended after the request.
  const server = createServer({ byteStream: true, allowHalfOpen: true }, (socket) => {
    website.emit('connection', socket);
  });
  server.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  server.listen(Number(port), () => whenListening(server));
}

/** One association for all requests. */
class Agent extends https.Agent {
  createConnection(options) {
    const socket = connect({ port: options.port, host: options.host, byteStream: true });
    return tls.connect({ socket, servername: 'localhost', rejectUnauthorized: false });
  }
}

async function ask(serverPort, host = '127.0.0.1') {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const request = (method, path, body) =>
    new Promise((resolve, reject) => {
      const outgoing = https.request(
        { agent, method, path, host, port: serverPort },
        (response) => {
          let text = '';
          const protocol = response.socket.getProtocol(); // at the end the agent has the socket again
          response.setEncoding('utf8').on('data', (part) => (text += part));
          response.on('end', () => {
            console.log(`${response.statusCode}, ${protocol}: ${text.trim()}`);
            resolve();
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  try {
    await request('GET', '/news');
    await request('POST', '/upload', Buffer.alloc(1_000_000));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
  agent.destroy();
}

if (role === 'client') void ask(Number(port), more[0]);
else if (role === 'server') serve((server) => console.log('listening on', server.address().port));
else serve((server) => void ask(server.address().port).then(() => server.close()));
