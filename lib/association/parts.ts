/**
 * The parts of one association. Each is made when it is first asked for, or as soon as a listener, an
 * option or a notification needs it: an association that nobody watches has none of them.
 */
import type { NativeNotification } from '../../types/native-values';
import { isSubscribed } from '../diagnostics/channels';
import { isRestart } from '../notifications/names';
import { AddressChanges, concernsAddresses } from './addresses/address-changes';
import { Paths } from './addresses/paths';
import { Admission } from './admission';
import type { AssociationConfig } from './config';
import { Dryness } from './dryness';
import { Ending } from './ending';
import { Limits } from './limits';
import { Losses, Restarts } from './losses';
import { Notifier } from './notifier';
import { isHeard } from './owner';
import type { Part, PartHost } from './part';
import { Reconfiguration, RECONFIGURATION_EVENTS } from './reconfiguration/reconfiguration';
import { StallWatch } from './stall-watch';
import { ErrorCollector } from './error-collector';
import { Unconfirmed } from './unconfirmed';

interface Kind<Made extends Part> {
  make(host: PartHost, parts: Parts): Made;
  /** Those of the owner's that it emits, or that change what it does. */
  readonly events?: readonly string[];
  /** Whether it has work without a listener. */
  isNeeded?(config: AssociationConfig): boolean;
  /** Whether it has work for this notification, though nothing has needed it so far. */
  isFor?(notification: NativeNotification): boolean;
}

interface All {
  admission: Admission;
  limits: Limits;
  dryness: Dryness;
  losses: Losses;
  notifier: Notifier;
  restarts: Restarts;
  unconfirmed: Unconfirmed;
  stallWatch: StallWatch;
  addressChanges: AddressChanges;
  paths: Paths;
  reconfiguration: Reconfiguration;
  ending: Ending;
}

type Name = keyof All;
type Made = { [Which in Name]: All[Which] | undefined };

/** In the order in which they take part, which is the order of events. */
const kinds: { readonly [Which in Name]: Kind<All[Which]> } = {
  admission: {
    make: (host) => new Admission(host),
    isNeeded: ({ blockList }) => blockList !== undefined,
  },
  limits: {
    make: ({ link }) => new Limits(link),
    isFor: ({ type }) => type === 'assocChange',
  },
  dryness: { make: ({ link, subscriptions }) => new Dryness(link, subscriptions) },
  losses: {
    make: (host) => new Losses(host),
    isFor: ({ type }) => type === 'sendFailed',
  },
  notifier: { make: (host) => new Notifier(host), events: ['notification'] },
  restarts: {
    make: (host, parts) => new Restarts(host, parts.get('losses')),
    isFor: isRestart,
  },
  unconfirmed: { make: (host) => new Unconfirmed(host), events: ['unconfirmed'] },
  stallWatch: {
    make: (host) => new StallWatch(host),
    events: ['stalled', 'recovered'],
    isNeeded: ({ stallAction }) => stallAction === 'abort' || isSubscribed('stall'),
  },
  addressChanges: {
    make: (host) => new AddressChanges(host),
    events: ['address-change'],
    isFor: concernsAddresses,
  },
  paths: {
    make: (host, parts) => new Paths(host, () => parts.get('addressChanges')),
    events: ['path', 'peer-info-update'],
    isNeeded: () => isSubscribed('pathChange'),
  },
  reconfiguration: {
    make: (host) => new Reconfiguration(host),
    events: RECONFIGURATION_EVENTS,
  },
  ending: { make: (host, parts) => new Ending(host, () => parts.get('dryness')) },
};

const order = Object.keys(kinds) as Name[];

/** Which parts an event of the owner's concerns. */
const byEvent = new Map<string | symbol, Name[]>();
for (const name of order) {
  for (const event of kinds[name].events ?? []) {
    byEvent.set(event, [...(byEvent.get(event) ?? []), name]);
  }
}

export class Parts implements Made {
  admission: Admission | undefined;
  limits: Limits | undefined;
  dryness: Dryness | undefined;
  losses: Losses | undefined;
  notifier: Notifier | undefined;
  restarts: Restarts | undefined;
  unconfirmed: Unconfirmed | undefined;
  stallWatch: StallWatch | undefined;
  addressChanges: AddressChanges | undefined;
  paths: Paths | undefined;
  reconfiguration: Reconfiguration | undefined;
  ending: Ending | undefined;
  readonly #host: PartHost;

  constructor(host: PartHost) {
    this.#host = host;
  }

  /** Made if it is not there. */
  get<Which extends Name>(name: Which): All[Which] {
    return ((this as Made)[name] ??= kinds[name].make(this.#host, this));
  }

  /** Makes those that are needed from the start. */
  begin(): void {
    const { config, owner } = this.#host;
    for (const name of order) {
      const kind: Kind<Part> = kinds[name];
      if (kind.isNeeded?.(config) || isHeard(owner, ...(kind.events ?? []))) this.get(name);
    }
  }

  onUp(): void {
    for (const name of order) (this[name] as Part | undefined)?.onUp?.();
  }

  onSettled(): void {
    for (const name of order) (this[name] as Part | undefined)?.onSettled?.();
  }

  onListeners(event: string | symbol): void {
    for (const name of byEvent.get(event) ?? []) {
      const isWanted = this[name] !== undefined || isHeard(this.#host.owner, event as string);
      if (isWanted) (this.get(name) as Part).onListeners?.(event as string);
    }
  }

  /** Every part gets it, even if a listener throws. */
  onNotification(notification: NativeNotification, errors: ErrorCollector): void {
    for (const name of order) {
      const isWanted = this[name] !== undefined || kinds[name].isFor?.(notification) === true;
      if (!isWanted) continue;
      try {
        (this.get(name) as Part).onNotification?.(notification);
      } catch (error) {
        errors.add(error);
      }
    }
  }

  onDismissed(error: Error | null): void {
    for (const name of order) (this[name] as Part | undefined)?.onDismissed?.(error);
  }

  onOver(): void {
    for (const name of order) (this[name] as Part | undefined)?.onOver?.();
  }
}
