/** The descriptor of an endpoint: opened, bound and set to listen when first needed. */
import { isIPv6Address } from '../addresses/family';
import type { Address } from '../../types/address';
import { binding } from '../binding';
import { endpointBound, type Place, systemError } from '../errors';
import { earlyNumbers } from '../notifications/choice';
import { getOption } from '../options/options';
import { wipeSecrets } from '../options/secret';
import type { Family } from '../validate';
import { bindingOf, type EndpointBinding } from './bind-arguments';
import { bindShared } from './bind-shared';
import type { EndpointConfig } from './config';
import { SharedDescriptor, type SharedDescriptorHost } from './shared-descriptor';

export interface EndpointDescriptorHost extends SharedDescriptorHost {
  /** Whether it keeps the process alive. */
  readonly isReferenced: boolean;
  /** @throws ERR_SCTP_ENDPOINT_CLOSED */
  checkOpen(): void;
}

export class EndpointDescriptor {
  readonly #config: EndpointConfig;
  readonly #host: EndpointDescriptorHost;
  #family: Family = 6;
  #shared: SharedDescriptor | undefined;
  #isListening = false;

  constructor(config: EndpointConfig, host: EndpointDescriptorHost) {
    this.#config = config;
    this.#host = host;
  }

  /** Bound, if it is open. */
  get shared(): SharedDescriptor | undefined {
    return this.#shared;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** @throws what the kernel refuses; nothing stays open then */
  bind(where: EndpointBinding, listens: boolean): void {
    this.#host.checkOpen();
    if (this.#shared) {
      const place = this.address() ?? {};
      if (where.isGiven || !listens) throw endpointBound(listens ? 'listen' : 'bind', place);
      const errno = this.#shared.native.listen(where.backlog);
      if (errno < 0) throw systemError('listen', errno, place);
    } else {
      this.#open(where, listens);
    }
    this.#isListening ||= listens;
  }

  /** The descriptor: it is opened, and bound to every address, if it is not yet. */
  opened(): SharedDescriptor {
    return this.#shared ?? this.#open(bindingOf(undefined, false), false);
  }

  address(): Address | undefined {
    return this.#shared?.native.localAddress();
  }

  /** Those of a peer's addresses that it can reach; all, if it is none. */
  reachable(addresses: readonly string[]): readonly string[] {
    if (this.#family === 6) return addresses;
    const reachable = addresses.filter((host) => !isIPv6Address(host));
    return reachable.length > 0 ? reachable : addresses;
  }

  /** The id of the association that has this address as one of its peer's, if the kernel has one. */
  idOf(address: Required<Place>): number | undefined {
    const found = this.#shared?.native.getOption('peerAddrInfo', { address });
    return typeof found === 'object' ? (found['assocId'] as number) : undefined;
  }

  /** So many INITs as are sent, each a time-out or more after the last. */
  get leastSetupWait(): number {
    const { native } = this.opened();
    const { maxAttempts } = getOption(native, 'initMsg');
    return maxAttempts * getOption(native, 'rtoInfo').initial;
  }

  stopListening(): void {
    if (this.#isListening) this.#shared?.native.listen(0);
    this.#isListening = false;
  }

  /** @throws what the kernel refuses; nothing stays open then */
  #open(where: EndpointBinding, listens: boolean): SharedDescriptor {
    const { maxMessageSize, maxUnfinishedBytes, notifications, sctp: given } = this.#config;
    const native = new binding.SeqpacketSocket(maxMessageSize, maxUnfinishedBytes, true);
    const sctp = { v6Only: false, ...given };
    const onOpened = (): void => {
      // Now, since it misses associations that begin before.
      native.subscribe(earlyNumbers(notifications), true);
    };
    const config = { ...where, backlog: listens ? where.backlog : 0, sctp, onOpened };
    const bound = bindShared(native, config);
    this.#family = bound.family;
    wipeSecrets(given); // the kernel has them
    const descriptor = new SharedDescriptor(bound, this.#host);
    this.#shared = descriptor;
    descriptor.start();
    if (!this.#host.isReferenced) native.unref();
    return descriptor;
  }
}
