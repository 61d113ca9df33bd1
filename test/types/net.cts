// Compiled, not run: in what our types differ from those of net, as docs/net.md says ("Types"). It
// holds with the types of Node 20, 22 and 24, with and without exactOptionalPropertyTypes.
import type * as net from 'node:net';

import type { ConnectOptions, ListenOptions, Server, Socket } from 'kernel-sctp';

/** Members of `net` that ours lacks. */
type Missing<Theirs, Ours> = Exclude<keyof Theirs, keyof Ours>;

/** Properties that `net` may leave out; ours are there, and may be undefined. */
type Undefined = 'localAddress' | 'localFamily' | 'localPort' | 'timeout';

/** Only if a type is never. */
declare function none<Type>(...proof: [Type] extends [never] ? [] : [Type]): void;

none<Missing<net.Socket, Socket>>();
none<Missing<net.Server, Server>>();
// Each of them does differ, or it must leave the list and the page.
none<{ [Key in Undefined]: undefined extends Socket[Key] ? never : Key }[Undefined]>();

declare const socket: Socket;
declare const server: Server;
// But for these members our classes are what programs for net expect.
type Patched = Socket & { [Key in Undefined]: NonNullable<net.Socket[Key]> };
const sockets: net.Socket[] = [socket as Patched];
const servers: net.Server[] = [server];

// What has been made for net.
declare const there: net.TcpSocketConnectOpts;
declare const where: net.ListenOptions;
socket.connect(there).connect('3868').connect({ port: 3868, host: undefined });
server.listen(where, () => undefined);
const options: (ConnectOptions | ListenOptions)[] = [{ port: 1, host: undefined }];

export { options, servers, sockets };
