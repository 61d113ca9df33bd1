/** From a host to an association on its way: looks the name up, and tries what it finds. */
import { isIPv4 } from 'node:net';

import type { NativeStreamSocket } from '../../../types/native';
import { addressesOf } from '../../addresses/interfaces';
import { canReach, describeLeftOut, type LeftOut, peerList } from '../../addresses/peer-list';
import { isEveryAddress } from '../../address-hint';
import type { Association } from '../../association/association';
import { connectError, connectTimeout, errnoName, type Place } from '../../errors';
import { INITIAL_RTO } from '../../options/initial-rto';
import type { SocketConfig } from '../config';
import type { ConnectConfig } from './connect-arguments';
import { Candidates } from './candidates';
import { beginAssociation } from './connector';
import { preferFirst, warnOfUnused } from './named-addresses';
import { type LookupReport, resolve } from './resolve';

export interface AttemptEvents {
  onLookup(...found: Parameters<LookupReport>): void;
  /** An association is about to start, with this address first. */
  onAttempt(address: string, port: number): void;
  onAttemptFailed(address: string, port: number, error: Error): void;
  /** Nothing has answered; others follow. */
  onAttemptTimeout(address: string, port: number): void;
  /** The association that was started is to be forgotten. */
  onAbandoned(): void;
  /** An association was started; its notifications report the outcome. */
  onStarted(native: NativeStreamSocket): void;
  onFailed(error: Error): void;
}

export class ConnectAttempt {
  #config: ConnectConfig;
  readonly #socketConfig: SocketConfig;
  readonly #events: AttemptEvents;
  #candidates = new Candidates([]);
  /** What was wanted, and cannot be used. */
  #leftOut: readonly LeftOut[] = [];
  #hasTried = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  /** Until the next group of addresses is tried. */
  #patience: NodeJS.Timeout | undefined;

  constructor(config: ConnectConfig, socketConfig: SocketConfig, events: AttemptEvents) {
    this.#config = config;
    this.#socketConfig = socketConfig;
    this.#events = events;
  }

  begin(): void {
    const { connectTimeout: timeout } = this.#config;
    if (timeout > 0) {
      this.#timer = setTimeout(() => {
        this.#fail(connectTimeout(timeout, this.#place(), this.#hint()));
      }, timeout).unref();
    }
    const report: LookupReport = (...found) => {
      if (this.#isOver || this.#hasTried) return false; // or a `lookup` calls back again
      this.#events.onLookup(...found);
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
    clearTimeout(this.#patience);
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
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
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
    const { mark, bindToDevice } = this.#socketConfig.sctp;
    const hasOwnRoutes = mark !== undefined || bindToDevice !== undefined;
    const { isList, localHosts: hosts } = this.#config;
    const { groups, leftOut } = peerList(addresses, { isList, hosts, hasOwnRoutes });
    this.#candidates = new Candidates(groups);
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
    const { rtoInfo } = this.#socketConfig.sctp;
    const patience = this.#candidates.patience(rtoInfo?.initial ?? INITIAL_RTO);
    const config = patience === undefined ? this.#config : this.#configFor(current);
    try {
      this.#events.onStarted(beginAssociation(current, config, this.#socketConfig));
    } catch (error) {
      this.#later(() => {
        this.#onNotStarted(error as NodeJS.ErrnoException);
      });
      return;
    }
    this.#later(() => {
      this.#reportAttempt();
    });
    if (patience === undefined) return;
    this.#patience = setTimeout(() => {
      this.#onUnanswered();
    }, patience).unref();
  }

  /** Others of our addresses would hide those that these need. */
  #configFor(addresses: readonly string[]): ConnectConfig {
    const localHosts = this.#config.localHosts.filter((host) =>
      addresses.some((address) => canReach(host, isIPv4(address) ? 'IPv4' : 'IPv6')),
    );
    return { ...this.#config, localHosts };
  }

  #onUnanswered(): void {
    const { address, port } = this.#place();
    if (address !== undefined) this.#events.onAttemptTimeout(address, port);
    if (this.#isOver) return;
    this.#events.onAbandoned();
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
    if (address !== undefined) this.#events.onAttempt(address, port);
  }

  #reportFailed(error: Error): void {
    const { address, port } = this.#place();
    if (address !== undefined) this.#events.onAttemptFailed(address, port, error);
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
    return { ...(address !== undefined && { address }), port: this.#config.port };
  }
}
