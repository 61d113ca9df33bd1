/** A listener of the user-space engine: lets in who has proved to be reachable. */
import { AsyncResource } from 'node:async_hooks';
import { constants as os, networkInterfaces } from 'node:os';

import { familyOf } from '../addresses/family';
import type { Address } from '../../types/address';
import type { NativeEngineListener } from '../../types/native-engine';
import { binding } from '../binding';
import { guarded } from '../guarded';
import type { Door } from './engine';
import type { Source, StrangersTarget, UdpPort } from './udp-port';
import type { UserAssociation } from './user-association';
import type { UserOptions } from './user-options';

const { EADDRINUSE } = os.errno;

interface UserListenerConfig {
  port: UdpPort;
  hosts: readonly string[];
  sctpPort: number;
  /** Associations that may wait to be accepted. */
  backlog: number;
  ipv6Only: boolean;
  options: UserOptions;
  accept(door: Door, source: Source, peerPort: number): UserAssociation;
  onAccept(association: UserAssociation): void;
}

export class UserListener implements StrangersTarget {
  readonly port: UdpPort;
  readonly sctpPort: number;
  readonly #config: UserListenerConfig;
  readonly #native: NativeEngineListener;
  /** Who accepts runs in the context of `listen`: the port is shared. */
  readonly #resource = new AsyncResource('SctpListener');
  #isAccepting = false;
  #waiting: UserAssociation[] = [];

  constructor(config: UserListenerConfig) {
    this.#config = config;
    this.port = config.port;
    this.sctpPort = config.sctpPort;
    this.#native = new binding.EngineListener({
      ...config.options.config(),
      localPort: config.sctpPort,
    });
  }

  /** @returns 0 or errno */
  open(): number {
    const conflicts = (other: StrangersTarget): boolean =>
      other instanceof UserListener && this.#overlaps(other);
    if (this.port.isListenedTo(this.sctpPort, conflicts)) return -EADDRINUSE;
    this.port.listen(this);
    return 0;
  }

  watch(on: boolean): void {
    this.#isAccepting = on;
    if (on && this.#waiting.length > 0)
      setImmediate(() => {
        this.#acceptWaiting();
      });
  }

  close(): void {
    this.#isAccepting = false;
    this.port.unlisten(this);
    for (const association of this.#waiting.splice(0)) association.abort('');
  }

  accepts(localAddress: string, isIPv4: boolean): boolean {
    const { hosts, ipv6Only } = this.#config;
    return hosts.some((host) => {
      if (host === '::') return !ipv6Only || !isIPv4;
      return host === '0.0.0.0' ? isIPv4 : host === localAddress;
    });
  }

  onStranger(packet: Buffer, source: Source): void {
    const origin = Buffer.from(`${source.address} ${String(source.port)} ${source.localAddress}`);
    const answer = this.#native.receive(packet, origin);
    if (answer !== true) {
      if (typeof answer === 'object') this.port.reply(source, answer);
      return;
    }
    // As the kernel: it may try again.
    if (this.#waiting.length >= this.#config.backlog) return;
    const door = { listener: this.#native, origin };
    const association = this.#config.accept(door, source, packet.readUInt16BE(0));
    if (association.error !== 0) return;
    association.receive(packet);
    this.#waiting.push(association);
  }

  flush(): void {
    for (const association of this.#waiting) association.flush();
    this.#acceptWaiting();
  }

  #acceptWaiting(): void {
    while (this.#isAccepting) {
      const association = this.#waiting.shift();
      if (!association) return;
      guarded(() => {
        this.#resource.runInAsyncScope(() => {
          this.#config.onAccept(association);
        });
      });
    }
  }

  #overlaps(other: UserListener): boolean {
    return this.#config.hosts.some((host) =>
      other.#config.hosts.some(
        (their) =>
          host === their ||
          (isWildcard(host) && other.#takesFrom(their, this.#families(host))) ||
          (isWildcard(their) && this.#takesFrom(host, other.#families(their))),
      ),
    );
  }

  /** Whether one of our hosts has an address of one of these families. */
  #takesFrom(host: string, families: readonly string[]): boolean {
    return this.#families(host).some((family) => families.includes(family));
  }

  #families(host: string): readonly ('IPv4' | 'IPv6')[] {
    if (host === '::') return this.#config.ipv6Only ? ['IPv6'] : ['IPv4', 'IPv6'];
    return [familyOf(host)];
  }
}

function isWildcard(host: string): boolean {
  return host === '::' || host === '0.0.0.0';
}

/** With wildcards expanded. */
export function machineAddresses(hosts: readonly string[], port: number): Address[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return hosts.flatMap((host) => {
    const family = familyOf(host);
    if (host !== '::' && host !== '0.0.0.0') return [{ address: host, family, port } as const];
    const fitting = all.filter((own) => host === '::' || own.family === 'IPv4');
    return fitting.map((own) => ({ address: own.address, family: own.family, port }) as const);
  });
}
