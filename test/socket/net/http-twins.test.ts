/** Node's http, https and http2 on byte streams, against the same on TCP. */
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import type * as net from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';

import { byteStreams } from '../../support/byte-streams';
import { identity, NAME } from '../../support/certificate';
import { collect, noise } from '../../support/collect';
import { describeSctp } from '../../support/sctp';
import { closed, expectTwins, type Net, type Program, type Stage } from '../../support/twin';

const expectSame = (program: Program) => expectTwins(program, byteStreams);

/** A server of the transport whose connections go to `emit`. */
async function carrying(
  { net: api, log }: Stage,
  to: { emit(event: 'connection', socket: unknown): unknown },
  allowHalfOpen = false,
): Promise<{ server: net.Server; port: number; sockets: net.Socket[] }> {
  const sockets: net.Socket[] = [];
  const server = api.createServer({ allowHalfOpen }, (socket) => {
    sockets.push(socket);
    socket.on('error', (error) => {
      log('connection', error);
    });
    socket.on('close', (hadError) => {
      log('connection', `close ${String(hadError)}`);
    });
    to.emit('connection', socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as net.AddressInfo).port, sockets };
}

class Agent extends http.Agent {
  readonly made: net.Socket[] = [];
  readonly #net: Net;

  constructor(api: Net, options: http.AgentOptions) {
    super(options);
    this.#net = api;
  }

  override createConnection(options: net.NetConnectOpts): net.Socket {
    const socket = this.#net.connect(options);
    this.made.push(socket);
    return socket;
  }
}

async function ask(
  { log }: Stage,
  url: string,
  options: http.RequestOptions,
  body?: Buffer | string,
): Promise<void> {
  const request = http.request(url, options);
  const responded = once(request, 'response') as Promise<[http.IncomingMessage]>;
  request.end(body);
  const [response] = await responded;
  const { headers, statusCode, httpVersion } = response;
  const all = await collect(response);
  delete headers.date;
  log('client', {
    statusCode,
    httpVersion,
    headers,
    length: all.length,
    text: String(all.subarray(0, 40)),
  });
}

describeSctp('http over byte streams is as over TCP', () => {
  const echo: http.RequestListener = (request, response) => {
    response.setHeader('x-method', request.method ?? '');
    request.pipe(response);
  };

  test('every way to ask', async () => {
    await expectSame(async (stage) => {
      const { server, port } = await carrying(stage, http.createServer(echo), true);
      const url = `http://127.0.0.1:${String(port)}/path`;
      const { connect } = stage.net;
      const createConnection = connect as never;
      await ask(stage, url, { createConnection });
      await ask(stage, url, { method: 'POST', createConnection }, 'body');
      await ask(stage, url, { agent: new Agent(stage.net, {}), method: 'PUT' }, noise(3_000_000));
      await ask(stage, url, { agent: new Agent(stage.net, { timeout: 5000 }), timeout: 4000 });
      const headers = { connection: 'close' };
      await ask(stage, url, { agent: new Agent(stage.net, {}), headers });
      const all = serverClosed(server);
      server.close();
      await all;
    });
  });

  test('a kept connection is used again, and ended by the agent', async () => {
    await expectSame(async (stage) => {
      const { server, port, sockets } = await carrying(stage, http.createServer(echo), true);
      const agent = new Agent(stage.net, { keepAlive: true, maxSockets: 1 });
      const url = `http://127.0.0.1:${String(port)}/`;
      for (let i = 0; i < 3; i++) await ask(stage, url, { agent, method: 'POST' }, String(i));
      stage.log('client', [agent.made.length, sockets.length]);
      agent.destroy();
      server.close();
      await serverClosed(server);
    });
  });

  test('a connection whose keep-alive expires is closed without a reset', async () => {
    await expectSame(async (stage) => {
      const carried = http.createServer(echo);
      carried.keepAliveTimeout = 100;
      const { server, port } = await carrying(stage, carried);
      const agent = new Agent(stage.net, { keepAlive: true });
      await ask(stage, `http://127.0.0.1:${String(port)}/`, { agent });
      const [socket] = agent.made as [net.Socket];
      socket.on('error', (error) => {
        stage.log('client', error);
      });
      stage.log('client', `close ${String(await closed(socket))}`);
      server.close();
      await serverClosed(server);
    });
  });

  test('closing all connections of a server resets nobody', async () => {
    await expectSame(async (stage) => {
      const carried = http.createServer(echo);
      const { server, port, sockets } = await carrying(stage, carried);
      const agent = new Agent(stage.net, { keepAlive: true });
      await ask(stage, `http://127.0.0.1:${String(port)}/`, { agent });
      const [socket] = agent.made as [net.Socket];
      for (const each of sockets) each.destroy();
      stage.log('client', `close ${String(await closed(socket))}`);
      server.close();
      await serverClosed(server);
    });
  });

  test('a request that is broken off, and one that is malformed', async () => {
    await expectSame(async (stage) => {
      const { net: api, log } = stage;
      const carried = http.createServer((_request, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('half', () => response.destroy());
      });
      carried.on('clientError', (error: NodeJS.ErrnoException, socket) => {
        log('server', error.code);
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
      const { server, port } = await carrying(stage, carried);
      const request = http.get(`http://127.0.0.1:${String(port)}/`, {
        createConnection: api.connect as never,
      });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      log('client', await collect(response).catch((error: unknown) => error));
      const raw = api.connect({ port, host: '127.0.0.1' });
      raw.write('nonsense\r\n\r\n');
      log('raw', String(await collect(raw)));
      server.close();
      await serverClosed(server);
    });
  });

  test('upgrades and CONNECT hand the connection over', async () => {
    await expectSame(async (stage) => {
      const { net: api, log } = stage;
      const carried = http.createServer();
      carried.on('upgrade', (_request, socket, head) => {
        socket.write('HTTP/1.1 101 Switching\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n');
        socket.write(head);
        socket.pipe(socket);
      });
      const { server, port } = await carrying(stage, carried);
      const request = http.get(`http://127.0.0.1:${String(port)}/`, {
        createConnection: api.connect as never,
        headers: { connection: 'upgrade', upgrade: 'echo' },
      });
      const [response, socket] = (await once(request, 'upgrade')) as [
        http.IncomingMessage,
        net.Socket,
      ];
      log('client', response.statusCode);
      socket.write('hello');
      log('client', String((await once(socket, 'data'))[0]));
      socket.destroy();
      await closed(socket);
      server.close();
      await serverClosed(server);
    });
  });
});

describeSctp('TLS over byte streams is as over TCP', () => {
  test.each(['server', 'client'])('ended by the %s, ten times', async (ender) => {
    await expectSame(async (stage) => {
      const { net: api, log } = stage;
      const tls = createTlsServer(identity());
      const { server, port } = await carrying(stage, tls);
      for (let round = 0; round < 10; round++) {
        const accepted = once(tls, 'secureConnection') as Promise<[net.Socket]>;
        const socket = api.connect({ port, host: '127.0.0.1' });
        const secure = connectTls({ socket, ca: identity().cert, servername: NAME });
        await once(secure, 'secureConnect');
        const [peer] = await accepted;
        const ends = { client: secure as net.Socket, server: peer };
        const over = Object.entries(ends).map(async ([name, end]) => {
          end.on('error', (error) => {
            log(name, error);
          });
          end.on('end', () => {
            log(name, 'end');
          });
          end.on('data', (data) => {
            log(name, data);
          });
          log(name, `close ${String(await closed(end))}`);
        });
        ends[ender as 'server' | 'client'].end('bye');
        await Promise.all(over);
      }
      server.close();
      await serverClosed(server);
    });
  });

  test.each(['server', 'client'])(
    'ended by the %s as soon as it is up, before all that the handshake sends',
    async (ender) => {
      await expectSame(async (stage) => {
        const { net: api, log } = stage;
        const watch = (name: string, end: net.Socket): Promise<void> => {
          end.on('error', (error) => {
            log(name, error);
          });
          end.on('end', () => {
            log(name, 'end');
          });
          end.resume();
          return closed(end).then((hadError) => {
            log(name, `close ${String(hadError)}`);
          });
        };
        for (let round = 0; round < 10; round++) {
          const over: Promise<void>[] = [];
          const tls = createTlsServer(identity(), (peer) => {
            over.push(watch('server', peer));
            if (ender === 'server') peer.end('bye');
          });
          const { server, port } = await carrying(stage, tls);
          const socket = api.connect({ port, host: '127.0.0.1' });
          const secure = connectTls({ socket, ca: identity().cert, servername: NAME }, () => {
            if (ender === 'client') secure.end('bye');
          });
          await watch('client', secure);
          server.close();
          await serverClosed(server);
          await Promise.all(over);
        }
      });
    },
  );

  test('that ends at once on one side, though both have ended below', async () => {
    await expectSame(async (stage) => {
      const { log } = stage;
      const carried = createTlsServer(identity(), (secure) => {
        secure.on('error', (error) => {
          log('server', error);
        });
        secure.on('close', (hadError) => {
          log('server', `close ${String(hadError)}`);
        });
        secure.end(); // its alert goes out before the client has said anything
      });
      const { server, port } = await carrying(stage, carried);
      const socket = stage.net.connect({ port, host: '127.0.0.1' });
      const secure = connectTls({ socket, ca: identity().cert, servername: NAME });
      secure.on('error', (error) => {
        log('client', error);
      });
      secure.resume();
      log('client', `close ${String(await closed(secure))}`);
      server.close();
      await serverClosed(server);
    });
  });

  test('with a server that hangs up before the first word', async () => {
    await expectSame(async ({ net: api, log, serve }) => {
      const port = await serve((peer) => peer.end(), { unwatched: true });
      const socket = api.connect({ port, host: '127.0.0.1' });
      const secure = connectTls({ socket, ca: identity().cert, servername: NAME });
      const [error] = (await once(secure, 'error')) as [NodeJS.ErrnoException];
      log('client', [error.code, error.message]);
    });
  });

  test('https, with bodies of megabytes both ways', async () => {
    await expectSame(async (stage) => {
      const carried = https.createServer(identity(), (request, response) => request.pipe(response));
      const { server, port } = await carrying(stage, carried);
      const body = noise(2_000_000);
      const request = https.request({
        port,
        method: 'POST',
        ca: identity().cert,
        servername: NAME,
        createConnection: () =>
          connectTls({
            socket: stage.net.connect({ port, host: '127.0.0.1' }),
            ca: identity().cert,
            servername: NAME,
          }),
      });
      request.end(body);
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      stage.log('client', [response.statusCode, (await collect(response)).equals(body)]);
      server.close();
      await serverClosed(server);
    });
  });
});

describeSctp('http2 over byte streams is as over TCP', () => {
  test('several requests at once, and an orderly end', async () => {
    await expectSame(async (stage) => {
      const { net: api, log } = stage;
      const carried = http2.createServer();
      carried.on('stream', (stream, headers) => {
        stream.respond({ ':status': 200, 'x-path': headers[':path'] });
        stream.pipe(stream);
      });
      const { server, port } = await carrying(stage, carried);
      const session = http2.connect(`http://127.0.0.1:${String(port)}`, {
        createConnection: () => api.connect({ port, host: '127.0.0.1' }),
      });
      session.on('error', (error) => {
        log('client', error);
      });
      const body = noise(500_000);
      const asked = [1, 2, 3].map(async (n) => {
        const stream = session.request({ ':path': `/${String(n)}`, ':method': 'POST' });
        stream.end(body);
        const headers = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
        const all = await collect(stream);
        log(`stream ${String(n)}`, [headers[0]['x-path'], all.equals(body)]);
      });
      await Promise.all(asked);
      await new Promise<void>((resolve) => {
        session.close(resolve);
      });
      server.close();
      await serverClosed(server);
    });
  });
});

/** And its sockets, whose 'close' may come after the server's. */
async function serverClosed(server: net.Server): Promise<void> {
  await once(server, 'close');
  await new Promise((resolve) => setTimeout(resolve, 200));
}
