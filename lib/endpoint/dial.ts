/** `connect` of an endpoint: from a host to an association, or an error. */
import type { EndpointConnectOptions } from '../../types/endpoint';
import type { SctpOptions } from '../../types/options';
import { runTraced, Trace } from '../diagnostics/trace';
import { connectError, endpointClosed, invalidArgValue, tooManyAssociations } from '../errors';
import { checkStrictOptions } from '../option-names';
import { INITIAL_RTO } from '../initial-rto';
import { getOption, setOption } from '../options/options';
import { type ConnectConfig, connectConfig } from '../socket/connecting/connect-arguments';
import { type AttemptEvents, ConnectAttempt } from '../socket/connecting/connect-attempt';
import { checkObject, checkSignal, copyOf, isGiven } from '../validate';
import { initMsgOf } from './config';
import type { EndpointCore } from './core';
import type { Core, EndpointAssociation } from './endpoint-association';
import type { Dialer } from './register';

const NAMES = [
  'port',
  'host',
  'remoteAddresses',
  'family',
  'lookup',
  'hints',
  'connectTimeout',
  'OS',
  'MIS',
  'signal',
] as const satisfies readonly (keyof EndpointConnectOptions)[];

type Options = Partial<Record<keyof EndpointConnectOptions, unknown>>;
type InitMsg = Pick<SctpOptions, 'initMsg'>;

/** What the arguments of `connect` say. */
export interface Target {
  readonly config: ConnectConfig;
  readonly initMsg: InitMsg;
  readonly signal: AbortSignal | undefined;
}

/** @throws TypeError, RangeError with Node's codes for bad arguments */
export function targetOf(value: unknown): Target {
  const options: Options = copyOf(checkObject('options', value), NAMES);
  for (const name of ['localAddress', 'localAddresses', 'interface', 'localPort']) {
    const given = (options as Record<string, unknown>)[name];
    if (!isGiven(given)) continue;
    const reason = 'applies to the whole endpoint: use its bind() or listen()';
    throw invalidArgValue(`options.${name}`, given, reason);
  }
  checkStrictOptions(options, NAMES);
  return {
    config: connectConfig(options),
    initMsg: initMsgOf(options.OS, options.MIS),
    signal: isGiven(options.signal) ? checkSignal('options.signal', options.signal) : undefined,
  };
}

/** The routes depend on what the endpoint is bound to. */
const WAY = { hasOwnRoutes: true, isShared: true, initialRto: INITIAL_RTO } as const;

/** One call of `connect`. */
export class Dial implements AttemptEvents<Core | undefined>, Dialer {
  readonly #endpoint: EndpointCore;
  readonly #target: Target;
  readonly #resolve: (association: EndpointAssociation) => void;
  readonly #reject: (error: unknown) => void;
  readonly #attempt: ConnectAttempt<Core | undefined>;
  #core: Core | undefined;
  #trace: Trace | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    endpoint: EndpointCore,
    target: Target,
    resolve: (association: EndpointAssociation) => void,
    reject: (error: unknown) => void,
  ) {
    this.#endpoint = endpoint;
    this.#target = target;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#attempt = new ConnectAttempt(target.config, WAY, this);
  }

  start(): void {
    const { signal } = this.#target;
    if (signal?.aborted) {
      this.#reject(signal.reason);
      return;
    }
    this.#onAbort = () => {
      this.#giveUp(signal?.reason);
    };
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#endpoint.dials.add(this);
    const { host, port } = this.#target.config;
    this.#trace = Trace.of('connect', () => ({ endpoint: this.#endpoint.user, host, port }));
    runTraced(this.#trace, () => {
      try {
        this.#attempt.begin();
      } catch (error) {
        this.#giveUp(error); // a `lookup` of the user's has thrown
      }
    });
  }

  /** The endpoint is closing. */
  cancel(): void {
    this.#giveUp(endpointClosed());
  }

  begin(addresses: readonly string[]): Core | undefined {
    const { port } = this.#target.config;
    const [address = ''] = addresses;
    const { register } = this.#endpoint;
    const limit = register.maxAssociations;
    if (register.count >= limit) throw tooManyAssociations(limit, { address, port });
    const core = this.#withStreams(() => register.dial(addresses, port, this));
    if (typeof core === 'number') throw connectError(core, { address, port }, {});
    return core;
  }

  catchUp(): void {
    this.#endpoint.descriptor.shared?.catchUp();
  }

  onStarted(core: Core | undefined): void {
    this.#core = core;
  }

  onFailed(error: Error): void {
    this.#giveUp(error);
  }

  onUp({ user, association }: Core): void {
    this.#attempt.onUp(association);
    this.#end();
    this.#trace?.succeed(user);
    this.#resolve(user);
  }

  onRefused(errno: number): void {
    this.#core = undefined;
    this.#attempt.onRefused(errno);
  }

  #giveUp(error: unknown): void {
    this.#end();
    this.#endpoint.register.forget(this);
    if (this.#core) this.#endpoint.register.abandon(this.#core);
    this.#trace?.fail(error);
    this.#reject(error);
  }

  #end(): void {
    this.#attempt.end();
    this.#endpoint.dials.delete(this);
    if (this.#onAbort) this.#target.signal?.removeEventListener('abort', this.#onAbort);
  }

  /** The kernel takes them from the descriptor, as it sets up an association. */
  #withStreams<Result>(begin: () => Result): Result {
    const { initMsg } = this.#target.initMsg;
    if (initMsg === undefined) return begin();
    const { native } = this.#endpoint.descriptor.opened();
    const before = getOption(native, 'initMsg');
    setOption(native, 'initMsg', initMsg);
    try {
      return begin();
    } finally {
      setOption(native, 'initMsg', before);
    }
  }
}
