/** HTTP over SCTP: Node's own client and server on our sockets. */
import { once } from 'node:events';
import {
  Agent,
  type AgentOptions,
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type RequestListener,
  type RequestOptions,
} from 'node:http';
import type { Duplex } from 'node:stream';

import { connect, type Server, type ServerOptions, type Socket } from 'kernel-sctp';

import { defer } from '../../support/cleanup';
import { collect, noise } from '../../support/collect';
import { describeSctp } from '../../support/sctp';
import { destroying, listening, portOf } from '../../support/sockets';

const SPLIT = { oversize: 'split' } as const;
const MEGABYTES = 5_000_000;

/** An HTTP server whose connections are ours. */
async function serve(listener: RequestListener, options: ServerOptions = SPLIT): Promise<Server> {
  const http = createHttpServer(listener);
  const server = await listening(options);
  server.on('connection', (socket) => http.emit('connection', socket as Duplex));
  return server;
}

/** As `http` types it: a socket that is like net's. */
type NetSocket = ReturnType<Exclude<RequestOptions['createConnection'], undefined>>;

function connecting(server: Server, options: object = SPLIT): () => NetSocket {
  return () => destroying(connect({ host: '127.0.0.1', port: portOf(server), ...options }));
}

class SctpAgent extends Agent {
  readonly connections: Socket[] = [];
  readonly #connect: () => NetSocket;

  constructor(server: Server, options: AgentOptions) {
    super(options);
    this.#connect = connecting(server);
  }

  override createConnection(): NetSocket {
    const socket = this.#connect();

    this.connections.push(socket as Duplex as Socket);
    return socket;
  }
}

interface Reply {
  status: number | undefined;
  body: Buffer;
}

async function exchange(options: RequestOptions, body?: Buffer): Promise<Reply> {
  const asked = request({ host: 'peer.test', ...options });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await collect(response) };
}

describeSctp('http', () => {
  test('bodies of 5 MB there and back', async () => {
    const server = await serve((asked, response) => {
      asked.pipe(response);
    });
    const body = noise(MEGABYTES);
    const createConnection = connecting(server);
    const reply = await exchange({ method: 'POST', path: '/', createConnection }, body);
    expect(reply.status).toBe(200);
    expect(reply.body.equals(body)).toBe(true);
  });

  test('a body in one piece as the answer', async () => {
    const body = noise(MEGABYTES);
    const server = await serve((_asked, response) => response.end(body));
    const reply = await exchange({ createConnection: connecting(server) });
    expect(reply.body.equals(body)).toBe(true);
  });

  test('to a name: what is written before it is resolved is cut as well', async () => {
    const server = await serve((asked, response) => {
      asked.pipe(response);
    });
    const body = noise(MEGABYTES);
    const createConnection = connecting(server, { ...SPLIT, host: 'localhost' });
    const reply = await exchange({ method: 'POST', createConnection }, body);
    expect(reply.body.equals(body)).toBe(true);
  });

  test('several requests on one kept connection', async () => {
    const server = await serve((asked, response) => response.end(asked.url));
    const agent = new SctpAgent(server, { keepAlive: true, maxSockets: 1 });
    defer(() => {
      agent.destroy();
    });
    for (const path of ['/1', '/2', '/3']) {
      expect((await exchange({ agent, path })).body.toString()).toBe(path);
    }
    expect(agent.connections).toHaveLength(1);
    const closed = once(agent.connections[0] as Socket, 'close');
    agent.destroy();
    await closed;
  });

  test('a connection that is not kept ends after the answer', async () => {
    const server = await serve((_asked, response) => response.end('bye'));
    const agent = new SctpAgent(server, { keepAlive: false });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const { body } = await exchange({ agent, headers: { connection: 'close' } });
    expect(body.toString()).toBe('bye');
    const [ours] = agent.connections as [Socket];
    const [theirs] = await accepted;
    const isClosed = (socket: Socket) => socket.closed || once(socket, 'close');
    await Promise.all([isClosed(ours), isClosed(theirs)]);
    expect([ours.errored, theirs.errored]).toEqual([null, null]);
  });

  test('chunked, both ways at once', async () => {
    const server = await serve((asked, response) => {
      asked.on('data', (chunk: Buffer) => response.write(chunk.toString().toUpperCase()));
      asked.on('end', () => response.end());
    });
    const asked = request({ method: 'POST', createConnection: connecting(server) });
    asked.write('one ');
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    asked.end('two');
    expect((await collect(response)).toString()).toBe('ONE TWO');
  });

  test('without the option the error of a large question names it', async () => {
    const server = await serve((asked) => asked.resume(), {});
    const asked = request({ method: 'POST', createConnection: connecting(server, {}) });
    asked.end(Buffer.alloc(MEGABYTES));
    const [error] = (await once(asked, 'error')) as [NodeJS.ErrnoException];
    expect(error).toMatchObject({
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
      message: expect.stringContaining("oversize: 'split'") as string,
    });
  });

  test('without the option the error of a large answer names it', async () => {
    const failures: unknown[] = [];
    const server = await serve((_asked, response) => {
      try {
        response.end(Buffer.alloc(MEGABYTES));
      } catch (error) {
        failures.push(error);
        response.destroy();
      }
    }, {});
    const asked = request({ createConnection: connecting(server, {}) }).end();
    const [error] = (await once(asked, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(failures).toEqual([
      expect.objectContaining({
        code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
        message: expect.stringContaining("oversize: 'split'") as string,
      }),
    ]);
  });
});
