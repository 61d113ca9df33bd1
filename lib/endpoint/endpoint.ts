/**
 * `Endpoint`: many associations on one socket. What it offers is listed here; `EndpointCore` joins
 * the parts that do it.
 */
import { inspect } from 'node:util';

import type { Address, AddressInput } from '../../types/address';
import type {
  EndpointBindOptions,
  EndpointConnectOptions,
  EndpointListenOptions,
  EndpointMessage,
  EndpointOptions,
} from '../../types/endpoint';
import type { EndpointSendInfo } from '../../types/messages';
import type {
  AssociationOptionName,
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../types/options';
import { listed } from '../association/link';
import { runTraced, Trace } from '../diagnostics/trace';
import { checkAddress, checkFunction, checkInteger } from '../validate';
import { bindingOf } from './bind-arguments';
import { endpointConfig } from './config';
import { EndpointCore } from './core';
import { Dial, targetOf } from './dial';
import type { EndpointAssociation } from './endpoint-association';
import { EndpointEmitter } from './endpoint-events';
import { MessageIterator } from './messages';
import { observeListeners } from './observed-emitter';

/** Options of an endpoint itself, and of future associations. */
type EndpointOptionName = Exclude<ReadableOptionName, AssociationOptionName> | 'peerAddrInfo';

/** One socket with many associations: those that peers begin, and those of `connect`. */
export class Endpoint extends EndpointEmitter {
  readonly #core: EndpointCore;

  constructor(options?: EndpointOptions) {
    const config = endpointConfig(options);
    super({ captureRejections: config.captureRejections });
    this.#core = new EndpointCore(this, config);
    observeListeners(this, (event) => {
      this.#core.onListeners(event);
    });
  }

  /** Whether peers may begin associations. */
  get listening(): boolean {
    return this.#core.descriptor.isListening;
  }

  /** Whether `close` or `destroy` was called. */
  get closed(): boolean {
    return this.#core.isClosed;
  }

  /** The associations that are up. */
  get associations(): EndpointAssociation[] {
    return [...this.#core.register.up.values()].map(({ user }) => user);
  }

  /**
   * More associations than this are refused, with 'drop'. Those that are over count while something
   * of them was not read.
   */
  get maxAssociations(): number {
    return this.#core.register.maxAssociations;
  }

  set maxAssociations(value: number) {
    this.#core.register.maxAssociations =
      value === Infinity ? value : checkInteger('maxAssociations', value, 0, 2 ** 32);
  }

  /** Where it is bound, with the port that 0 became; null before, and once closed. */
  address(): Address | null {
    return this.#core.descriptor.address() ?? null;
  }

  /** All addresses that it is bound to, with wildcards expanded. */
  getLocalAddresses(): Address[] {
    return listed(this.#core.descriptor.shared?.native.boundAddresses() ?? 0);
  }

  /** The association with the peer that has this address, if there is one. */
  associationWith(address: AddressInput): EndpointAssociation | undefined {
    return this.#core.register.find(checkAddress('address', address, 0))?.user;
  }

  /**
   * Binds the endpoint without listening: for one that only connects, from certain addresses or
   * from a certain port.
   *
   * @throws TypeError, RangeError with Node's codes for bad arguments; ERR_SCTP_ENDPOINT_BOUND if it
   *   is bound already; system errors, ERR_SCTP_OPTION
   */
  bind(options?: EndpointBindOptions): this {
    this.#core.descriptor.bind(bindingOf(options, false), false);
    return this;
  }

  /**
   * Lets peers begin associations: 'association' reports each. The address is bound when this
   * returns; 'listening' follows.
   *
   * @param options of one that is bound already: only `backlog`
   * @throws as `bind`
   */
  listen(options?: EndpointListenOptions, listener?: () => void): this {
    if (listener !== undefined) checkFunction('listener', listener);
    const trace = Trace.of('listen', () => ({ endpoint: this }));
    runTraced(trace, () => {
      this.#core.descriptor.bind(bindingOf(options, true), true);
    });
    if (listener) this.once('listening', listener);
    process.nextTick(() => {
      trace?.succeed();
      if (this.#core.descriptor.isListening) this.emit('listening');
    });
    return this;
  }

  /**
   * Sets up an association.
   *
   * @returns the association once it is up; rejected with a system error, or
   *   ERR_SCTP_CONNECT_TIMEOUT, or the reason of `signal`
   * @throws TypeError, RangeError with Node's codes for bad arguments: the Promise is rejected
   */
  async connect(options: EndpointConnectOptions): Promise<EndpointAssociation> {
    const target = targetOf(options);
    this.#core.checkOpen();
    return new Promise((resolve, reject) => {
      new Dial(this.#core, target, resolve, reject).start();
    });
  }

  /**
   * Sends one message to every association that takes messages (RFC 6458's SCTP_SENDALL, with each
   * association's own queue and limits).
   *
   * @param info as of `association.send`, but for the address: with `eof` or `abort` all of them end
   * @returns those that have not taken it: a limit is reached, theirs or that of all, it is too
   *   long, or they lack its stream. They go on, whatever the flags.
   * @throws TypeError, RangeError with Node's codes for bad arguments: nothing was sent
   */
  sendAll(data: ArrayBufferView, info?: Omit<EndpointSendInfo, 'address'>): EndpointAssociation[] {
    return this.#core.sendAll(data, info);
  }

  /**
   * Stops handing over messages, of all associations. Beyond `highWaterMark` of one, the kernel holds
   * its peer back; everything else goes on.
   */
  pause(): this {
    this.#core.readers.setPaused(true);
    return this;
  }

  /** Hands over messages again. */
  resume(): this {
    this.#core.readers.setPaused(false);
    return this;
  }

  /** Whether `pause` was called, and `resume` not. */
  isPaused(): boolean {
    return this.#core.readers.isPaused;
  }

  /**
   * Reads an option: of the endpoint, or what future associations begin with.
   * @throws ERR_SCTP_OPTION if the kernel refuses
   */
  getOption<Name extends EndpointOptionName>(
    name: Name,
    ...[args]: OptionArguments<Name>
  ): OptionValues[Name] {
    return this.#core.getOption(name, args);
  }

  /**
   * Sets an option: of the endpoint, and of associations to come. Those that it has follow where the
   * kernel changes them too: of an option such as `rtoInfo` each has its own (RFC 6458 §8).
   * @throws ERR_SCTP_OPTION if the kernel refuses
   */
  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    this.#core.setOption(name, value);
  }

  /** Binds another address, for future associations, and for those that take it (RFC 5061). */
  addLocalAddress(address: AddressInput): void {
    this.#core.changeAddress('addLocalAddress', address);
  }

  /** Unbinds an address, as `addLocalAddress`. */
  removeLocalAddress(address: AddressInput): void {
    this.#core.changeAddress('removeLocalAddress', address);
  }

  /** Keeps the process alive again, after `unref`. */
  ref(): this {
    this.#core.setReferenced(true);
    return this;
  }

  /** Lets the process end though the endpoint is open. */
  unref(): this {
    this.#core.setReferenced(false);
    return this;
  }

  /**
   * Ends every association in order, after all that was sent, and closes: 'close' comes last.
   * Nothing is received any more. One that makes no progress for `closeTimeout` is aborted.
   */
  close(): Promise<void> {
    const closed = this.#core.whenClosed();
    this.#core.close();
    return closed;
  }

  /**
   * Ends every association at once, with an ABORT, and closes.
   * @param error for their 'close'; its message is the reason that the peers get
   */
  destroy(error?: Error): this {
    this.#core.destroy(error);
    return this;
  }

  /** Closes the endpoint, and waits for it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * The messages of all associations, until the endpoint is closed. Those that come while the loop
   * is busy wait with their association, as with `pause`; what it leaves waits for who comes next.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<EndpointMessage<EndpointAssociation>, undefined> {
    return new MessageIterator(this.#core.readers);
  }

  [inspect.custom](): string {
    const { address, port } = this.#core.descriptor.address() ?? {};
    const place = this.closed ? 'closed' : `${String(address)}:${String(port)}`;
    const state = address === undefined && !this.closed ? 'not bound' : place;
    return `Endpoint { ${state}, ${String(this.#core.register.up.size)} associations }`;
  }
}

type AssociationListener = (association: EndpointAssociation, inbound: boolean) => void;

/**
 * Makes an endpoint; `listen` or `connect` opens it.
 * @param listener for 'association'
 */
export function createEndpoint(listener?: AssociationListener): Endpoint;
export function createEndpoint(options?: EndpointOptions, listener?: AssociationListener): Endpoint;
export function createEndpoint(
  first?: EndpointOptions | AssociationListener,
  second?: AssociationListener,
): Endpoint {
  const [options, listener] = typeof first === 'function' ? [undefined, first] : [first, second];
  if (listener !== undefined) checkFunction('listener', listener);
  const endpoint = new Endpoint(options);
  if (listener) endpoint.on('association', listener);
  return endpoint;
}
