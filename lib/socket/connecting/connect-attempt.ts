/** From a host to an association on its way: looks the name up, and tries what it finds. */
import { familyOf } from '../../addresses/family';
import { addressesOf } from '../../addresses/interfaces';
import { canReach, describeLeftOut, type LeftOut, peerList } from '../../addresses/peer-list';
import { isEveryAddress } from '../../address-hint';
import type { Association } from '../../association/association';
import { connectError, connectTimeout, errnoName, type Place } from '../../errors';
import { Deadline } from '../../deadline';
import type { ConnectConfig } from './connect-arguments';
import { Candidates } from './candidates';
import { preferFirst, warnOfUnused } from './named-addresses';
import { type LookupReport, resolve } from './resolve';

/** `Started` is what an association that is being set up is known by. */
export interface AttemptEvents<Started> {
  /**
   * Sets up an association with these addresses, the first of them tried first.
   * @param own what to bind, if anything
   * @throws what the kernel refuses
   */
  begin(addresses: readonly string[], own: readonly string[]): Started;
  onLookup?(...found: Parameters<LookupReport>): void;
  /** An association is about to start, with this address first. */
  onAttempt?(address: string, port: number): void;
  onAttemptFailed?(address: string, port: number, error: Error): void;
  /** Nothing has answered; others follow. */
  onAttemptTimeout?(address: string, port: number): void;
  /** Reads what has come so far, where a turn of the event loop may not have got to its outcome. */
  catchUp?(): void;
  /** The association that was started is to be forgotten. */
  onAbandoned?(): void;
  /** An association was started; its notifications report the outcome. */
  onStarted(started: Started): void;
  onFailed(error: Error): void;
}

/** What an association is set up on. */
export interface Way {
  /** Options of the socket choose other routes than those of a plain one. */
  readonly hasOwnRoutes: boolean;
  /** It is bound, or will be, apart from what `connect` is given. */
  readonly isShared: boolean;
  /** Milliseconds for which the kernel waits for each address. */
  readonly initialRto: number;
}

export class ConnectAttempt<Started> {
  #config: ConnectConfig;
  readonly #events: AttemptEvents<Started>;
  readonly #way: Way;
  #candidates = new Candidates([]);
  /** What was wanted, and cannot be used. */
  #leftOut: readonly LeftOut[] = [];
  #hasTried = false;
  #isOver = false;
  #deadline: Deadline | undefined;
  /** After which the next group of addresses is tried. */
  #answerDeadline: Deadline | undefined;

  constructor(config: ConnectConfig, way: Way, events: AttemptEvents<Started>) {
    this.#config = config;
    this.#way = way;
    this.#events = events;
  }

  begin(): void {
    const { connectTimeout: timeout } = this.#config;
    if (timeout > 0) {
      this.#deadline = new Deadline(timeout, () => {
        this.#events.catchUp?.();
        if (!this.#isOver) this.#fail(connectTimeout(timeout, this.#place(), this.#hint()));
      });
    }
    const report: LookupReport = (...found) => {
      if (this.#isOver || this.#hasTried) return false; // or a `lookup` calls back again
      this.#events.onLookup?.(...found);
      return !this.#isOver;
    };
    const failure = this.#bindInterfaces();
    if (failure) {
      this.#failLater(failure);
      return;
    }
    resolve(this.#config, report, (error, addresses) => {
      const unusable = error ?? this.#choose(addresses);
      if (unusable) this.#failLater(unusable);
      else this.#try();
    });
  }

  /** The association of `onStarted` could not be set up. */
  onRefused(errno: number): void {
    this.#answerDeadline?.clear();
    const error = connectError(errno, this.#place(), this.#localPlace(), this.#hint());
    this.#reportFailed(error);
    if (this.#isOver) return;
    if (this.#hasOthersAfter(errnoName(errno))) this.#try();
    else this.#fail(error);
  }

  onUp(association: Association): void {
    const { host, isList, localHosts, interfaces } = this.#config;
    const peers = isList ? (host as readonly string[]) : [];
    const own = interfaces.length > 0 ? [] : localHosts.filter((one) => !isEveryAddress(one));
    if (peers.length > 1) preferFirst(association, peers);
    if (peers.length > 1 || own.length > 0) {
      warnOfUnused(association, { peers, own, leftOut: this.#leftOut });
    }
  }

  #hasOthersAfter(code: string): boolean {
    if (code === 'ECONNREFUSED') return this.#candidates.refuse();
    return code === 'ETIMEDOUT' && this.#candidates.giveUp();
  }

  /** Succeeded, or no longer wanted. */
  end(): void {
    this.#isOver = true;
    this.#deadline?.clear();
    this.#answerDeadline?.clear();
  }

  /** @returns why that cannot be */
  #bindInterfaces(): Error | undefined {
    try {
      const found = addressesOf(this.#config.interfaces);
      if (found.length > 0) this.#config = { ...this.#config, localHosts: found };
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** @returns why none of the addresses can be used */
  #choose(addresses: readonly string[]): Error | undefined {
    const { hasOwnRoutes, isShared } = this.#way;
    const { isList, localHosts: hosts } = this.#config;
    const { groups, leftOut } = peerList(addresses, { isList, hosts, hasOwnRoutes });
    // Another association of the same descriptor would have the same sources.
    this.#candidates = new Candidates(isShared ? [groups.flat()] : groups);
    this.#leftOut = leftOut;
    const [first] = leftOut;
    if (this.#candidates.areAny || first === undefined) return undefined;
    const { address, errno, reason } = first;
    const hint =
      leftOut.length === 1
        ? reason
        : `none of the addresses can be used: ${describeLeftOut(leftOut)}`;
    return connectError(errno, { address, port: this.#config.port }, this.#localPlace(), hint);
  }

  #try(): void {
    this.#hasTried = true;
    const { current } = this.#candidates;
    const wait = this.#candidates.timeToAnswer(this.#way.initialRto);
    const own = wait === undefined ? this.#config.localHosts : this.#ownFor(current);
    try {
      this.#events.onStarted(this.#events.begin(current, own));
    } catch (error) {
      this.#later(() => {
        this.#onNotStarted(error as NodeJS.ErrnoException);
      });
      return;
    }
    this.#later(() => {
      this.#reportAttempt();
    });
    if (wait === undefined) return;
    this.#answerDeadline = new Deadline(wait, () => {
      this.#onUnanswered();
    });
  }

  /** Others of our addresses would hide those that these need. */
  #ownFor(addresses: readonly string[]): readonly string[] {
    return this.#config.localHosts.filter((host) =>
      addresses.some((address) => canReach(host, familyOf(address))),
    );
  }

  #onUnanswered(): void {
    const { address, port } = this.#place();
    if (address !== undefined) this.#events.onAttemptTimeout?.(address, port);
    if (this.#isOver) return;
    this.#events.onAbandoned?.();
    this.#candidates.postpone();
    this.#try();
  }

  #onNotStarted(error: NodeJS.ErrnoException): void {
    if (error.syscall === 'connect') {
      this.#reportAttempt();
      if (!this.#isOver) this.#reportFailed(error);
      if (this.#isOver) return;
      if (this.#candidates.refuse()) {
        this.#try();
        return;
      }
    }
    this.#fail(error);
  }

  /** As with `net`, `connect` returns a socket that is connecting. */
  #later(task: () => void): void {
    process.nextTick(() => {
      if (!this.#isOver) task();
    });
  }

  #reportAttempt(): void {
    const { address, port } = this.#place();
    if (address !== undefined) this.#events.onAttempt?.(address, port);
  }

  #reportFailed(error: Error): void {
    const { address, port } = this.#place();
    if (address !== undefined) this.#events.onAttemptFailed?.(address, port, error);
  }

  #failLater(error: Error): void {
    this.#later(() => {
      this.#fail(error);
    });
  }

  #fail(error: Error): void {
    this.end();
    this.#events.onFailed(error);
  }

  #localPlace(): Place {
    const [address] = this.#config.localHosts;
    return { ...(address !== undefined && { address }), port: this.#config.localPort };
  }

  /** What the user has named, and was not even tried. */
  #hint(): string {
    if (!this.#config.isList || this.#leftOut.length === 0) return '';
    return `left out: ${describeLeftOut(this.#leftOut)}`;
  }

  #place(): Place & { port: number } {
    const [address] = this.#candidates.current;
    const { port } = this.#config;
    return address === undefined ? { port } : { address, port };
  }
}
