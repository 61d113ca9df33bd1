/** What `open` returns: what it offers. `DatagramCore` joins the parts that do it. */
import { inspect } from 'node:util';

import type { Address } from '../../types/address';
import type { DatagramAssociation } from '../../types/datagram';
import type { SendInfo } from '../../types/messages';
import type {
  AssociationOptionName,
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../types/options';
import { abortReason } from '../endpoint/abort-reason';
import type { BoundSocket } from '../endpoint/bind-shared';
import { handleClosed } from '../errors';
import type { DatagramConfig } from './config';
import { DatagramCore } from './core';

type DatagramOptionName = Exclude<ReadableOptionName, AssociationOptionName> | 'peerAddrInfo';

/**
 * An open one-to-many socket. Methods may be taken off it: `const { send } = open(…)`.
 *
 * It keeps the process alive until it is closed or unreferenced, also if the program has dropped
 * it. One that is unreferenced and dropped is closed when it is collected.
 */
export class DatagramHandle {
  readonly #core: DatagramCore;

  /** @internal Use `open`. */
  constructor(bound: BoundSocket, config: DatagramConfig) {
    this.#core = new DatagramCore(bound, config);
  }

  /**
   * Sends one message. An association is set up if there is none.
   *
   * @param data at least one byte; may be reused once this has returned
   * @param host numeric address of the peer
   * @param port 1 to 65535
   * @param info how to send it; what is left out follows the handle's defaults
   * @returns bytes accepted: by the kernel, or to be sent at the end of the tick, or when the association
   *   is up and the kernel has room for more of this peer. A message that turns out undeliverable later is reported to
   *   `onRecv`.
   * @throws TypeError, RangeError with Node's codes for bad arguments
   * @throws ERR_SCTP_SEND_BUFFER_FULL if `sendBufferLimit` is reached; nothing was taken
   * @throws ERR_SCTP_MESSAGE_TOO_LARGE for more than the kernel's send buffer
   * @throws ERR_SCTP_TOO_MANY_ASSOCIATIONS for a new peer beyond `maxAssociations`
   * @throws ERR_SOCKET_DGRAM_NOT_RUNNING after `close`; other system errors
   */
  readonly send = (data: ArrayBufferView, host: string, port: number, info?: SendInfo): number =>
    this.#core.send(data, host, port, info);

  /** Those that there are, and those being set up. */
  readonly associations = (): DatagramAssociation[] => this.#open().associations();

  /**
   * Ends the association with one peer at once, with an ABORT. What was sent and has not arrived,
   * and what waits, is discarded. The next `send` sets up another association.
   *
   * @param reason for the peer
   * @returns whether there was an association
   */
  readonly abort = (host: string, port: number, reason?: string | ArrayBufferView): boolean => {
    const peer = this.#core.checkPeer(host, port);
    return this.#open().abort(peer.host, peer.port, abortReason(reason));
  };

  /**
   * Ends the association with one peer in order, after all that was sent. Meanwhile `send` to it
   * throws ESHUTDOWN.
   *
   * @returns when it is over: whether there was one, and everything has arrived
   */
  readonly shutdown = async (host: string, port: number): Promise<boolean> => {
    const peer = this.#core.checkPeer(host, port);
    return this.#open().shutdown(peer.host, peer.port);
  };

  /**
   * Stops receiving at once and closes. If messages still wait for the kernel, or associations are
   * still being set up, that is done first, in the background, for 30 s at most; what is lost
   * nevertheless is reported by a process warning. Does nothing the second time.
   */
  readonly close = (): void => {
    if (!this.#core.isClosed) this.#core.close();
  };

  /** The bound address, with the port that 0 became. */
  readonly address = (): Address => {
    const address = this.#open().native.localAddress();
    if (address === undefined) throw handleClosed();
    return address;
  };

  /** Keeps the process alive again, after `unref`. */
  readonly ref = (): this => {
    if (!this.#core.isClosed) this.#core.setReferenced(true);
    return this;
  };

  /** Lets the process end though the handle is open. */
  readonly unref = (): this => {
    if (!this.#core.isClosed) this.#core.setReferenced(false);
    return this;
  };

  /**
   * Reads a socket option. `status`, `assocStats` and `primaryAddr` are part of one association, of
   * which a handle has many; a path is found by its address and port.
   * @throws ERR_SCTP_OPTION if the kernel refuses
   */
  readonly getOption = <Name extends DatagramOptionName>(
    name: Name,
    ...[args]: OptionArguments<Name>
  ): OptionValues[Name] => this.#open().getOption(name, args);

  /** Sets a socket option. @throws ERR_SCTP_OPTION if the kernel refuses */
  readonly setOption = <Name extends SettableOptionName>(
    name: Name,
    value: OptionInput<Name>,
  ): void => {
    this.#open().setOption(name, value);
  };

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](): string {
    if (this.#core.isClosed) return 'DatagramHandle { closed }';
    const { address, port } = this.address();
    return `DatagramHandle { ${address}:${String(port)} }`;
  }

  #open(): DatagramCore {
    if (this.#core.isClosed) throw handleClosed();
    return this.#core;
  }
}
