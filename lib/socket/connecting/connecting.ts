/** How a Socket sets up an association, also once one is over. */
import { constants as os } from 'node:os';
import type { Duplex } from 'node:stream';

import type { NativeStreamSocket } from '../../../types/native';
import type { SctpOptions } from '../../../types/options';
import { familyNumberOf } from '../../addresses/family';
import type { Association } from '../../association/association';
import { mergeOptions } from '../../defaults';
import { runTraced, Trace } from '../../diagnostics/trace';
import { engineChoice } from '../../engine/choice';
import { closedBeforeConnection, invalidArgValue, systemError } from '../../errors';
import { checkOptionNames } from '../../option-names';
import { INITIAL_RTO } from '../../initial-rto';
import { checkNeeds } from '../../options/sctp-options';
import type { SocketConfig } from '../config';
import { givenOptions } from '../short-options';
import { type ConnectArguments, type ConnectConfig, connectConfig } from './connect-arguments';
import { type AttemptEvents, ConnectAttempt, type Way } from './connect-attempt';
import { beginAssociation } from './connector';
import type { LookupReport } from './resolve';

const { EALREADY, EISCONN } = os.errno;

const NONE: readonly string[] = [];

/** What Connecting needs of its Socket. */
export interface ConnectingHost {
  readonly config: SocketConfig;
  readonly association: Association | undefined;
  readonly socket: Duplex;
  /** Other settings than it was made with. */
  configure(changes: Partial<SocketConfig>): void;
  /** `connect` is about to begin. */
  onConnecting(): void;
  /** The last association is over, and 'close' was emitted. */
  readonly isOver: boolean;
  /** Forgets the association before. */
  renew(): void;
  /** Takes over a descriptor that connects. */
  adopt(native: NativeStreamSocket): void;
}

/** One attempt to connect, on a descriptor of its own. */
type Attempt = ConnectAttempt<NativeStreamSocket>;

export class Connecting implements AttemptEvents<NativeStreamSocket> {
  readonly #host: ConnectingHost;
  #attempt: Attempt | undefined;
  #target: ConnectConfig | undefined;
  #attempted = NONE;
  #trace: Trace | undefined;
  /** `connect` has been called before. */
  #hasBegun = false;

  constructor(host: ConnectingHost) {
    this.#host = host;
  }

  /** Whether `connect` has been called and has not come to an end. */
  get isUnderWay(): boolean {
    return this.#attempt !== undefined;
  }

  /** Which addresses the last attempt has tried first, as `address:port`. */
  get attempted(): string[] {
    return [...this.#attempted];
  }

  /** @throws TypeError, RangeError with Node's codes for bad arguments */
  connect({ options, listener }: ConnectArguments): void {
    const { config } = this.#host;
    const isSource = config.isSource?.(options) === true;
    checkOptionNames('connect', options);
    if (!isSource) checkHonoured(options);
    const target = connectConfig(options);
    // The next time the same object is read again: what was made of it may be used up, as a key is.
    const isKnown = !this.#hasBegun && isSource;
    const changes = isKnown
      ? undefined
      : { sctp: this.#withGiven(options), ...engineChoice(options, config.engine) };
    this.#checkUnused();
    if (config.signal?.aborted) return; // which has destroyed the socket, or is about to
    if (changes) this.#host.configure(changes);
    this.#hasBegun = true;
    if (listener) this.#host.socket.once('connect', listener);
    this.#target = target;
    this.#attempt = new ConnectAttempt(target, wayOf(this.#host.config.sctp), this);
    this.#attempted = NONE;
    const { host, port } = target;
    this.#trace = Trace.of('connect', () => ({ socket: this.#host.socket, host, port }));
    const attempt = this.#attempt;
    runTraced(this.#trace, () => {
      if (!this.#host.socket.destroyed || this.#host.isOver) this.#begin(attempt); // else once it is closed
    });
  }

  onUp(association: Association): void {
    this.#attempt?.onUp(association);
    this.end();
    this.#trace?.succeed();
    this.#trace = undefined;
  }

  /** The socket is destroyed. */
  fail(error: Error | null): void {
    if (this.isUnderWay) this.#trace?.fail(error ?? closedBeforeConnection());
    this.#trace = undefined;
    this.end();
  }

  /** No longer wanted. */
  end(): void {
    this.#attempt?.end();
    this.#attempt = undefined;
  }

  /** The adopted association could not be set up. */
  onRefused(errno: number): void {
    this.#attempt?.onRefused(errno);
  }

  /** The socket is closed; 'close' follows. */
  onClosed(): void {
    const attempt = this.#attempt;
    if (!attempt) return;
    // Apart from 'close', whose listeners may throw.
    process.nextTick(() => {
      if (this.#attempt === attempt) this.#begin(attempt);
    });
  }

  begin(addresses: readonly string[], localHosts: readonly string[]): NativeStreamSocket {
    return beginAssociation(
      { addresses, localHosts },
      this.#target as ConnectConfig,
      this.#host.config,
    );
  }

  onLookup(...found: Parameters<LookupReport>): void {
    this.#host.socket.emit('lookup', ...found);
  }

  onAttempt(address: string, port: number): void {
    this.#attempted = [...this.#attempted, `${address}:${String(port)}`];
    this.#host.socket.emit('connectionAttempt', address, port, familyNumberOf(address));
  }

  onAttemptFailed(address: string, port: number, error: Error): void {
    this.#host.socket.emit(
      'connectionAttemptFailed',
      address,
      port,
      familyNumberOf(address),
      error,
    );
  }

  onAttemptTimeout(address: string, port: number): void {
    this.#host.socket.emit('connectionAttemptTimeout', address, port, familyNumberOf(address));
  }

  onAbandoned(): void {
    this.#host.association?.abort();
  }

  onStarted(native: NativeStreamSocket): void {
    this.#host.adopt(native);
  }

  onFailed(error: Error): void {
    this.#host.socket.destroy(error);
  }

  #withGiven(options: ConnectArguments['options']): SctpOptions {
    const sctp = mergeOptions(this.#host.config.sctp, givenOptions(options));
    checkNeeds('options.sctp', sctp);
    return sctp;
  }

  #begin(attempt: Attempt): void {
    if (this.#host.isOver) this.#host.renew();
    this.#host.onConnecting();
    try {
      attempt.begin();
    } catch (error) {
      this.end(); // a `lookup` of the user's has thrown
      throw error;
    }
  }

  #checkUnused(): void {
    if (this.isUnderWay) throw systemError('connect', -EALREADY);
    if (this.#host.association && !this.#host.socket.destroyed)
      throw systemError('connect', -EISCONN);
  }
}

/** What only the constructor reads. */
const OF_THE_CONSTRUCTOR = [
  'maxMessageSize',
  'closeTimeout',
  'stallTimeout',
  'notifications',
  'oversize',
] as const;

function checkHonoured(options: ConnectArguments['options']): void {
  const name = OF_THE_CONSTRUCTOR.find((one) => options[one] !== undefined);
  if (name === undefined) return;
  const reason =
    'is read only by the constructor: pass it to new Socket(), or to the function connect()';
  throw invalidArgValue(`options.${name}`, options[name], reason);
}

function wayOf({ mark, bindToDevice, rtoInfo }: SctpOptions): Way {
  return {
    hasOwnRoutes: mark !== undefined || bindToDevice !== undefined,
    isShared: false,
    initialRto: rtoInfo?.initial ?? INITIAL_RTO,
  };
}
