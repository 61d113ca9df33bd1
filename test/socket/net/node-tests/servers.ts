/** Those of Node's tests (20 to 23) that are mainly about servers. */
import { cannot, type Fates, held } from './fate';

export const serverTests: Fates = {
  'better-error-messages-listen': held('server-events: an address and port of others'),
  'better-error-messages-listen-path': cannot('paths'),
  'bind-twice': held('server-events: a host and port that are taken'),
  'deprecated-setsimultaneousaccepts': cannot('internals'),
  eaddrinuse: held('server-events: a port that is taken'),
  'listen-after-destroying-stdin': held('server-processes: process.stdin.destroy()'),
  'listen-close-server': held('server-events: close() right after listen() on %s'),
  'listen-close-server-callback-is-not-function': held(
    'server-events: what is no function is not called',
  ),
  'listen-error': held('server-events: a name that is none'),
  'listen-exclusive-random-ports': held(
    'server-processes: workers say whether they want a port alone, or share it',
  ),
  'listen-fd0': cannot('descriptors'),
  'listen-handle-in-cluster-1': cannot('cluster'),
  'listen-handle-in-cluster-2': cannot('cluster'),
  'listen-invalid-port': held('server-arguments: { port: ${inspect(port)} }'),
  'listen-ipv6only': held("server-listen: '::' alone"),
  'listen-twice': held('server-events: listen() twice throws, and disturbs nothing'),
  listening: held('server-events: listen() on %s'),
  reuseport: held('server-listen: is shared by those who all ask for reusePort'),
  'server-async-dispose': held(
    'server-events: [Symbol.asyncDispose]: before listen, listening, closed',
  ),
  'server-blocklist': held(
    'block-list: others are accepted; the list can change, and be exchanged',
  ),
  'server-call-listen-multiple-times': held(
    'server-events: listen() right after close(), and in its callback',
  ),
  'server-capture-rejection': held(
    "server-connections: of 'connection' destroy the socket, as with net",
  ),
  'server-close': held("server-events: getConnections(): later, and 'close' after the last"),
  'server-close-before-calling-lookup-callback': held(
    'server-events: close() while a name is looked up',
  ),
  'server-close-before-ipc-response': cannot('cluster'),
  'server-drop-connections': held(
    'server-connections: maxConnections: places become free, limits can change',
  ),
  'server-drop-connections-in-cluster': cannot('cluster'),
  'server-keepalive': held('server-connections: keepAlive and keepAliveInitialDelay: heartbeats'),
  'server-listen-handle': cannot('descriptors'),
  'server-listen-options': held('server-arguments: listen() answers as that of net to'),
  'server-listen-options-signal': held(
    'server-events: AbortSignal: before, at once, later, after close()',
  ),
  'server-listen-path': cannot('paths'),
  'server-listen-remove-callback': held(
    'server-events: a callback of listen() is called once, though the server listens again',
  ),
  'server-max-connections': held(
    'server-connections: maxConnections: places become free, limits can change',
  ),
  'server-max-connections-close-makes-more-available': held(
    'server-connections: maxConnections: places become free, limits can change',
  ),
  'server-nodelay': held('server-connections: noDelay: true unless it is switched off'),
  'server-options': held('server-arguments: createServer() answers as that of net to'),
  'server-pause-on-connect': held(
    'server-connections: pauseOnConnect: read later, by another hand',
  ),
  'server-reset': held(
    'server-connections: close() and resetAndDestroy() of all sockets: the peers are notified',
  ),
  'server-simultaneous-accepts-produce-warning-once': cannot('internals'),
  'server-try-ports': held(
    "server-events: the next port, and the next, from 'error' until one is free",
  ),
  'server-unref': held(
    '../../lifecycle/socket-exit: when they are unreferenced, whatever they are doing',
  ),
  'server-unref-persistent': held('../../lifecycle/socket-exit: createServer().unref().listen('),
};
