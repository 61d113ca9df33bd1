/** `Server`: accepts associations, like `net.Server`. */
import { lookup } from 'node:dns';
import { EventEmitter } from 'node:events';
import type { BlockList } from 'node:net';
import { inspect } from 'node:util';

import type { Address } from '../../types/address';
import type { EngineName } from '../../types/engine';
import type { NativeStreamSocket } from '../../types/native';
import type { ListenOptions, ServerEventMap, ServerOptions } from '../../types/server';
import { blockedOf, checkBlockList } from '../addresses/block-list';
import { listed } from '../association/link';
import { extensible } from '../callable';
import { isSubscribed, publish } from '../diagnostics/channels';
import { runTraced, Trace } from '../diagnostics/trace';
import { serverAlreadyListening, serverNotRunning } from '../errors';
import type { Socket } from '../socket/socket';
import { AcceptedSockets } from './accepted-sockets';
import { type ListenConfig, listenArguments, listenConfig } from './listen-arguments';
import { Listener } from './listener';
import { isAddress, openListener } from './open-listener';
import { dropped } from './dropped';
import {
  type ConnectionListener,
  emitterOptions,
  type ServerConfig,
  serverArguments,
  serverConfig,
} from './server-config';
import { inOneTick, inTwoTicks } from './ticks';
import { isGiven } from '../validate';
import { whenAborted } from './when-aborted';

/** The arguments that each event's listeners get. */
export type ServerEvents = ServerEventMap<Socket>;

const Base = extensible(EventEmitter) as typeof EventEmitter<ServerEvents>;

/** For programs that use the types of `net`. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- both are the class's
export interface Server {
  /** More connections than this are dropped, with 'drop'; undefined, at first, for no limit. */
  get maxConnections(): number;
  set maxConnections(value: number | undefined);
  /** Absent: only Node's types still have it. Use `getConnections`. */
  readonly connections: never;
}

/** Accepts associations on one port and makes a `Socket` of each. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- both are the class's
export class Server extends Base {
  /** Options of the sockets that are accepted from now on, as given to the constructor. */
  allowHalfOpen: boolean;
  /** As `allowHalfOpen`: whether they begin paused. */
  pauseOnConnect: boolean;
  /** As `allowHalfOpen`: bytes that may wait to be read, and to be sent. */
  highWaterMark: number;
  /** As `allowHalfOpen`: whether small messages are sent at once. */
  noDelay: boolean;
  /** As `allowHalfOpen`: whether heartbeats are sent. */
  keepAlive: boolean;
  /** As `allowHalfOpen`: milliseconds a path is quiet before a heartbeat is sent. */
  keepAliveInitialDelay: number;

  #blockList: BlockList | undefined;
  readonly #config: ServerConfig;
  #listener: Listener | undefined;
  /** The latest call of `listen`; none after `close`. What is left of earlier ones is void. */
  #listening: object | undefined;
  #isReferenced = true;
  #connections = 0;
  readonly #accepted: AcceptedSockets;
  #unwatch: (() => void)[] = [];
  /** Of the latest call of `listen`. */
  #trace: Trace | undefined;

  /** @param connectionListener for 'connection' */
  constructor(options?: ServerOptions | null, connectionListener?: ConnectionListener);
  constructor(connectionListener?: ConnectionListener);
  constructor(first?: unknown, second?: unknown) {
    const { options, listener } = serverArguments(first, second);
    super(emitterOptions(options));
    if (listener) this.on('connection', listener);
    this.#config = serverConfig(options);
    const { socket, pauseOnConnect, keepAlive, keepAliveInitialDelay } = this.#config;
    this.maxConnections = undefined;
    this.#blockList = this.#config.blockList;
    this.allowHalfOpen = socket.allowHalfOpen;
    this.pauseOnConnect = pauseOnConnect;
    this.highWaterMark = socket.highWaterMark;
    this.noDelay = socket.sctp.noDelay ?? false;
    this.keepAlive = keepAlive;
    this.keepAliveInitialDelay = keepAliveInitialDelay;
    this.#accepted = new AcceptedSockets(this, this.#config, () => {
      this.#connections--;
      this.#emitCloseIfDone();
    });
  }

  /** Which SCTP it runs on. */
  get engine(): EngineName {
    return this.#config.socket.engine;
  }

  /** Whether the server listens. */
  get listening(): boolean {
    return this.#listener !== undefined;
  }

  /** Where the server listens, with the port that 0 became; null if it does not. */
  address(): Address | null {
    return this.#listener?.native.localAddress() ?? null;
  }

  /** All addresses it listens on, with wildcards expanded; none if it does not listen. */
  getLocalAddresses(): Address[] {
    return this.#listener?.localAddresses() ?? [];
  }

  /**
   * Starts listening; 'listening' or 'error' reports the outcome. Where no name is to be looked up,
   * the address is known at once.
   *
   * @throws TypeError, RangeError with Node's codes for bad arguments
   * @throws ERR_SERVER_ALREADY_LISTEN if it listens already
   */
  listen(options: ListenOptions, backlog?: number, listener?: () => void): this;
  listen(options: ListenOptions, listener?: () => void): this;
  listen(
    port?: number | string | null,
    host?: string | null,
    backlog?: number,
    listener?: () => void,
  ): this;
  listen(
    port?: number | string | null,
    hostOrBacklog?: string | number | null,
    listener?: () => void,
  ): this;
  listen(port?: number | string | null, listener?: () => void): this;
  listen(listener?: () => void): this;
  listen(...args: unknown[]): this {
    if (this.#listener) throw serverAlreadyListening();
    const given = listenArguments(args);
    const config = listenConfig(given, this.#config.socket.sctp, this.#config.given);
    this.#stop(); // an earlier call may still be looking a name up
    if (given.listener) this.once('listening', given.listener);
    this.#watchSignal(config.signal);
    if (this.#config.signal !== config.signal) this.#watchSignal(this.#config.signal);
    const { host } = config;
    this.#listening = {};
    this.#trace = Trace.of('listen', () => ({ server: this }));
    runTraced(this.#trace, () => {
      if (host === undefined) this.#open(config, host, inOneTick);
      // Reported a tick later, as by `net`, which looks the address up.
      else if (isAddress(host)) this.#open(config, host, inTwoTicks);
      else this.#lookUpAndOpen(config, host);
    });
    return this;
  }

  /**
   * Accepts no more; 'close' comes once the last of its sockets is closed.
   * @param callback gets ERR_SERVER_NOT_RUNNING if the server does not listen
   */
  close(callback?: (error?: Error) => void): this {
    if (typeof callback === 'function') {
      const error = this.#listener ? [] : [serverNotRunning()];
      this.once('close', () => {
        callback.apply(this, error as []);
      });
    }
    this.#stop();
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

  /** Closes, and waits until it is closed; does nothing if the server does not listen. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#listener) {
      this.#stop(); // it may be looking a name up
      return;
    }
    await new Promise<void>((resolve) => {
      this.close(() => {
        resolve();
      });
    });
  }

  /** Where a listener's Promise was rejected, and rejections are captured. */
  override [EventEmitter.captureRejectionSymbol](
    error: Error,
    event: unknown,
    ...args: unknown[]
  ): void {
    if (event === 'connection') (args[0] as Socket).destroy(error);
    else this.emit('error', error);
  }

  [inspect.custom](): string {
    const address = this.address();
    const place = address === null ? 'closed' : `${address.address}:${String(address.port)}`;
    return `${this.constructor.name} { ${place} }`;
  }

  /** Closes when the signal is aborted, as long as this listening lasts. */
  #watchSignal(signal: AbortSignal | undefined): void {
    if (signal) this.#unwatch.push(whenAborted(signal, () => this.close()));
  }

  #stop(): void {
    this.#listening = undefined;
    this.#trace?.succeed(); // no error follows
    this.#trace = undefined;
    for (const unwatch of this.#unwatch.splice(0)) unwatch();
    this.#listener?.close();
    this.#listener = undefined;
  }

  #lookUpAndOpen(config: ListenConfig, host: string): void {
    const listening = this.#listening;
    lookup(host, (error, address) => {
      if (this.#listening !== listening) return; // closed or called again meanwhile
      if (!error) {
        this.#open(config, address, inOneTick);
        return;
      }
      this.#trace?.fail(error);
      this.#stop();
      this.emit('error', error);
    });
  }

  /** Binds at once, so that the address is known; reports the outcome later. */
  #open(config: ListenConfig, host: string | undefined, later: typeof inOneTick): void {
    let listener: Listener;
    try {
      const { socket } = this.#config;
      listener = new Listener(openListener(config, host, socket), socket.sctp, {
        onAccept: (accepted, peer) => {
          this.#onAccept(accepted, peer);
        },
        onFailure: (error) => {
          this.#onAcceptFailure(error);
        },
      });
    } catch (error) {
      this.#trace?.fail(error);
      this.#stop();
      later(() => this.emit('error', error as Error));
      return;
    }
    this.#listener = listener;
    if (!this.#isReferenced) listener.unref();
    later(() => {
      if (this.#listener !== listener) return; // closed meanwhile
      this.#trace?.succeed();
      this.emit('listening');
    });
  }

  #onAccept(native: NativeStreamSocket, peer: Address | undefined): void {
    const limit = this.maxConnections as number | undefined;
    const isFull = limit !== undefined && this.#connections >= limit;
    if (isFull || this.#isBlocked(native, peer)) {
      this.emit('drop', dropped(native, peer, this.#config.socket.byteStream));
      return;
    }
    const socket = this.#accepted.make(native, peer);
    this.#connections++;
    this.emit('connection', socket);
    if (isSubscribed('serverSocket')) publish('serverSocket', { socket });
  }

  /** Addresses whose peers are dropped, as given to the constructor. */
  get blockList(): BlockList | undefined {
    return this.#blockList;
  }

  /** @throws ERR_INVALID_ARG_TYPE for anything else: with it nobody would be dropped */
  set blockList(list: BlockList | undefined) {
    this.#blockList = isGiven(list) ? checkBlockList('blockList', list) : undefined;
  }

  /** Once an association is over, nobody knows the addresses that it had. */
  #isBlocked(native: NativeStreamSocket, peer: Address | undefined): boolean {
    if (!this.#blockList) return false;
    const addresses = listed(native.peerAddresses(0));
    if (addresses.length === 0) return true;
    return blockedOf(this.#blockList, peer ? [peer, ...addresses] : addresses) !== undefined;
  }

  /** Peers can cause it, so it must not crash a program without a listener. */
  #onAcceptFailure(error: Error): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
    else process.emitWarning(error.message, { type: 'SctpWarning', code: 'SCTP_ACCEPT_FAILED' });
  }

  #emitCloseIfDone(): void {
    if (this.#listener || this.#connections > 0) return;
    process.nextTick(() => this.emit('close'));
  }
}
