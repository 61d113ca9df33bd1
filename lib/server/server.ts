/** `Server`: accepts associations, like `net.Server`. */
import { lookup } from 'node:dns';
import { EventEmitter } from 'node:events';
import { isIP } from 'node:net';
import { inspect } from 'node:util';

import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import type { DropInfo, ListenOptions, ServerOptions, SocketOptions } from '../../types/socket';
import { bindAndListen } from '../bind';
import { binding } from '../binding';
import {
  invalidArgType,
  listenError,
  type Place,
  serverAlreadyListening,
  serverNotRunning,
  systemError,
} from '../errors';
import { type SocketConfig, socketConfig } from '../socket/config';
import { type Accepted, kAccepted, Socket } from '../socket/socket';
import type { Family } from '../validate';
import { type ListenConfig, listenArguments, listenConfig } from './listen-arguments';
import { Listener } from './listener';

const { SCTP_PEER_ADDR_CHANGE } = binding.constants;

/** The arguments that each event's listeners get. */
export interface ServerEvents {
  listening: [];
  connection: [socket: Socket];
  /** The server and all its sockets are closed. */
  close: [];
  error: [error: Error];
  /** `maxConnections` was reached: the association was aborted. */
  drop: [info: DropInfo];
}

/** Accepts associations on one port and makes a `Socket` of each. */
export class Server extends EventEmitter<ServerEvents> {
  /** More connections than this are dropped, with 'drop'; undefined for no limit. */
  maxConnections: number | undefined;
  readonly #pauseOnConnect: boolean;
  readonly #config: SocketConfig;
  #listener: Listener | undefined;
  /** A name is being looked up. */
  #isResolving = false;
  #isReferenced = true;
  #connections = 0;
  #disobey: (() => void) | undefined;

  /** @param connectionListener for 'connection' */
  constructor(options?: ServerOptions, connectionListener?: (socket: Socket) => void);
  constructor(connectionListener?: (socket: Socket) => void);
  constructor(first?: ServerOptions | ((socket: Socket) => void), second?: unknown) {
    super();
    const options = typeof first === 'function' ? {} : (first ?? {});
    const listener = typeof first === 'function' ? first : second;
    if (typeof options !== 'object') throw invalidArgType('options', 'of type object', options);
    this.#pauseOnConnect = Boolean(options.pauseOnConnect);
    this.#config = socketConfig(options);
    if (listener !== undefined && listener !== null) {
      if (typeof listener !== 'function') {
        throw invalidArgType('connectionListener', 'of type function', listener);
      }
      this.on('connection', listener as (socket: Socket) => void);
    }
  }

  get listening(): boolean {
    return this.#listener !== undefined;
  }

  /** Where the server listens, with the port that 0 became; null if it does not. */
  address(): Address | null {
    return this.#listener?.native.localAddress() ?? null;
  }

  /**
   * Begins to listen; 'listening' or 'error' tells the outcome.
   *
   * @throws TypeError, RangeError with Node's codes for bad arguments
   * @throws ERR_SERVER_ALREADY_LISTEN if it listens already
   */
  listen(options: ListenOptions, listener?: () => void): this;
  listen(port?: number, host?: string, backlog?: number, listener?: () => void): this;
  listen(port?: number, hostOrBacklog?: string | number, listener?: () => void): this;
  listen(port?: number, listener?: () => void): this;
  listen(listener?: () => void): this;
  listen(...args: unknown[]): this {
    const { options, listener } = listenArguments(args);
    if (this.#listener || this.#isResolving) throw serverAlreadyListening();
    const config = listenConfig(options);
    if (listener) this.once('listening', listener);
    if (config.signal) this.#obey(config.signal);
    if (config.host === undefined || isIP(config.host.split('%')[0] as string) !== 0) {
      this.#bind(config, config.host);
    } else {
      this.#resolveAndBind(config, config.host);
    }
    return this;
  }

  /**
   * Accepts no more; 'close' comes once the last of its sockets is closed.
   * @param callback gets ERR_SERVER_NOT_RUNNING if the server does not listen
   */
  close(callback?: (error?: Error) => void): this {
    if (callback) {
      if (this.#listener || this.#isResolving) this.once('close', callback);
      else
        this.once('close', () => {
          callback(serverNotRunning());
        });
    }
    this.#isResolving = false;
    this.#disobey?.();
    this.#disobey = undefined;
    this.#listener?.close();
    this.#listener = undefined;
    this.#emitCloseIfDone();
    return this;
  }

  /** Counts the sockets that are open. */
  getConnections(callback: (error: Error | null, count: number) => void): this {
    process.nextTick(callback, null, this.#connections);
    return this;
  }

  /** Keeps the process alive again, after `unref`. */
  ref(): this {
    this.#isReferenced = true;
    this.#listener?.ref();
    return this;
  }

  /** Lets the process end though the server listens. */
  unref(): this {
    this.#isReferenced = false;
    this.#listener?.unref();
    return this;
  }

  [inspect.custom](): string {
    const address = this.address();
    const place = address === null ? 'closed' : `${address.address}:${String(address.port)}`;
    return `${this.constructor.name} { ${place} }`;
  }

  /** Closes when the signal is aborted, as long as this listening lasts. */
  #obey(signal: AbortSignal): void {
    const close = (): void => {
      this.close();
    };
    if (signal.aborted) {
      process.nextTick(close);
      return;
    }
    signal.addEventListener('abort', close, { once: true });
    this.#disobey = () => {
      signal.removeEventListener('abort', close);
    };
  }

  #resolveAndBind(config: ListenConfig, host: string): void {
    this.#isResolving = true;
    lookup(host, (error, address) => {
      if (!this.#isResolving) return; // closed meanwhile
      this.#isResolving = false;
      if (error) this.emit('error', error);
      else this.#bind(config, address);
    });
  }

  /** Binds at once, so that the address is known; tells the outcome later. */
  #bind(config: ListenConfig, host: string | undefined): void {
    const native = new binding.StreamSocket(this.#config.maxMessageSize);
    try {
      // Now, since it misses what is accepted before.
      const onOpened = (): void => void native.subscribe(SCTP_PEER_ADDR_CHANGE, true);
      const hosts = hostsOf(host);
      bindAndListen(
        native,
        { ...config, hosts, sctp: this.#sctp(config), onOpened },
        listenErrorOf,
      );
    } catch (error) {
      native.close();
      process.nextTick(() => this.emit('error', error as Error));
      return;
    }
    this.#listener = new Listener(native, {
      onAccept: (accepted) => {
        this.#onAccept(accepted);
      },
      onFailure: (errno) => {
        this.#onAcceptFailure(errno);
      },
    });
    if (!this.#isReferenced) this.#listener.unref();
    process.nextTick(() => {
      if (this.#listener) this.emit('listening'); // not closed meanwhile
    });
  }

  #sctp({ ipv6Only }: ListenConfig): SocketConfig['sctp'] {
    return { reuseAddr: true, v6Only: ipv6Only, ...this.#config.sctp };
  }

  #onAccept(native: NativeStreamSocket): void {
    if (this.maxConnections !== undefined && this.#connections >= this.maxConnections) {
      this.#drop(native);
      return;
    }
    const onClosed = (): void => {
      this.#connections--;
      this.#emitCloseIfDone();
    };
    const accepted: Accepted = { native, config: this.#config, onClosed };
    const socket = this.#makeSocket(accepted);
    this.#connections++;
    if (this.#pauseOnConnect) socket.pause();
    this.emit('connection', socket);
  }

  #makeSocket(accepted: Accepted): Socket {
    try {
      return new Socket({ [kAccepted]: accepted } as SocketOptions);
    } catch (error) {
      accepted.native.abort(); // nobody else would
      throw error;
    }
  }

  #drop(native: NativeStreamSocket): void {
    const local = native.localAddress();
    const remote = native.peerAddress();
    native.abort();
    this.emit('drop', {
      localAddress: local?.address,
      localPort: local?.port,
      localFamily: local?.family,
      remoteAddress: remote?.address,
      remotePort: remote?.port,
      remoteFamily: remote?.family,
    });
  }

  /** Peers can cause it: it must not end a program that has not thought of it. */
  #onAcceptFailure(errno: number): void {
    const error = systemError('accept', errno, {}, 'peers wait; accepting is tried again');
    if (this.listenerCount('error') > 0) this.emit('error', error);
    else process.emitWarning(error.message, { type: 'SctpWarning', code: 'SCTP_ACCEPT_FAILED' });
  }

  #emitCloseIfDone(): void {
    if (this.#listener || this.#connections > 0) return;
    process.nextTick(() => this.emit('close'));
  }
}

/** As `net`: without a host every address, IPv6 and IPv4. */
function hostsOf(host: string | undefined): { host: string; family: Family }[] {
  if (host !== undefined) {
    return [{ host, family: host.includes(':') ? 6 : 4 }];
  }
  return [
    { host: '::', family: 6 },
    { host: '0.0.0.0', family: 4 },
  ];
}

function listenErrorOf(_syscall: string, errno: number, place: Place, hint: string): Error {
  return listenError(errno, place, hint);
}
