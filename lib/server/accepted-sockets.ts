/** The Sockets of associations that a Server has accepted. */
import type { BlockList } from 'node:net';

import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import type { SocketOptions } from '../../types/socket';
import { OneToOneLink } from '../association/one-to-one-link';
import { type Accepted, kAccepted } from '../socket/accepted';
import type { SocketConfig } from '../socket/config';
import { Socket } from '../socket/socket';
import type { ServerConfig } from './server-config';

/** The server's properties that apply to sockets accepted from now on. */
interface Settings {
  readonly allowHalfOpen: boolean;
  readonly pauseOnConnect: boolean;
  readonly blockList: BlockList | undefined;
  readonly highWaterMark: number;
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelay: number;
}

export class AcceptedSockets {
  readonly #server: Settings;
  readonly #given: ServerConfig;
  readonly #onOver: () => void;
  /** What they have in common, as long as the server's properties stay what they are. */
  #config: SocketConfig;

  /** @param onOver called for each; no listener, which users could remove */
  constructor(server: Settings, given: ServerConfig, onOver: () => void) {
    this.#server = server;
    this.#given = given;
    this.#onOver = onOver;
    this.#config = given.socket;
  }

  /** @param peer where the association was set up from */
  make(native: NativeStreamSocket, peer: Address | undefined): Socket {
    const server = this.#server;
    try {
      const config = this.#currentConfig();
      const link = new OneToOneLink(native, peer);
      const { pauseOnConnect: isPaused } = server;
      const accepted: Accepted = { link, config, isPaused, onOver: this.#onOver };
      const socket = new Socket({ [kAccepted]: accepted } as SocketOptions);
      // The kernel has inherited the listener's.
      if (server.noDelay !== config.sctp.noDelay) socket.setNoDelay(server.noDelay);
      if (server.keepAlive !== this.#given.keepAlive) {
        socket.setKeepAlive(server.keepAlive, server.keepAliveInitialDelay);
      }
      socket.server = server;
      return socket;
    } catch (error) {
      native.abort(0); // nobody else would
      throw error;
    }
  }

  #currentConfig(): SocketConfig {
    const { allowHalfOpen, blockList, highWaterMark } = this.#server;
    const {
      allowHalfOpen: before,
      blockList: listBefore,
      highWaterMark: markBefore,
    } = this.#config;
    if (allowHalfOpen === before && blockList === listBefore && highWaterMark === markBefore) {
      return this.#config;
    }
    const { socket: given } = this.#given;
    const sizes = { highWaterMark, writableHighWaterMark: highWaterMark };
    this.#config = {
      ...given,
      ...(highWaterMark !== given.highWaterMark && sizes),
      ...(blockList && { blockList }),
      allowHalfOpen,
    };
    return this.#config;
  }
}
