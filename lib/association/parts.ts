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
import { isHeard, mayHaveListeners } from './owner';
import type { Part, PartHost } from './part';
import { Reconfiguration, RECONFIGURATION_EVENTS } from './reconfiguration/reconfiguration';
import { StallWatch } from './stall-watch';
import { ErrorCollector } from './error-collector';
import { Unconfirmed } from './unconfirmed';

interface Kind<Made extends Part> {
  readonly type: { readonly prototype: Made };
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
    type: Admission,
    make: (host) => new Admission(host),
    isNeeded: ({ blockList }) => blockList !== undefined,
  },
  limits: {
    type: Limits,
    make: (host) => new Limits(host),
    isFor: isRestart,
  },
  dryness: {
    type: Dryness,
    make: ({ link, subscriptions }) => new Dryness(link, subscriptions),
  },
  losses: {
    type: Losses,
    make: (host) => new Losses(host),
    isFor: ({ type }) => type === 'sendFailed',
  },
  notifier: {
    type: Notifier,
    make: (host) => new Notifier(host),
    events: ['notification'],
  },
  restarts: {
    type: Restarts,
    make: (host, parts) => new Restarts(host, parts.get('losses')),
    isFor: isRestart,
  },
  unconfirmed: {
    type: Unconfirmed,
    make: (host) => new Unconfirmed(host),
    events: ['unconfirmed'],
  },
  stallWatch: {
    type: StallWatch,
    make: (host) => new StallWatch(host),
    events: ['stalled', 'recovered'],
    isNeeded: ({ stallAction }) => stallAction === 'abort' || isSubscribed('stall'),
  },
  addressChanges: {
    type: AddressChanges,
    make: (host) => new AddressChanges(host),
    events: ['address-change'],
    isFor: concernsAddresses,
  },
  paths: {
    type: Paths,
    make: (host, parts) => new Paths(host, () => parts.get('addressChanges')),
    events: ['path', 'peer-info-update'],
    isNeeded: () => isSubscribed('pathChange'),
  },
  reconfiguration: {
    type: Reconfiguration,
    make: (host) => new Reconfiguration(host),
    events: RECONFIGURATION_EVENTS,
  },
  ending: {
    type: Ending,
    make: (host, parts) => new Ending(host, () => parts.get('dryness')),
  },
};

const order = Object.keys(kinds) as Name[];

/** Those that have something to do then: of short-lived associations it matters how many are asked. */
function those(hook: Exclude<keyof Part, 'onListeners'>): readonly Name[] {
  return order.filter((name) => hook in kinds[name].type.prototype);
}

const needed = order.filter((name) => 'isNeeded' in kinds[name]);
const onUp = those('onUp');
const onSettled = those('onSettled');
const onNotification = those('onNotification');
const onDismissed = those('onDismissed');
const onOver = those('onOver');
/** Those that a notification may need though nothing has needed them so far. */
const onFirst = order.filter((name) => 'isFor' in kinds[name]);

/** Which parts an event of the owner's concerns. */
const byEvent = new Map<string, Name[]>();
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
  /** How many there are, and of those how many take notifications: most associations need few. */
  #made = 0;
  #informed = 0;

  constructor(host: PartHost) {
    this.#host = host;
  }

  /** Made if it is not there. */
  get<Which extends Name>(name: Which): All[Which] {
    return (this as Made)[name] ?? this.#make(name);
  }

  /** Makes those that are needed from the start. */
  begin(): void {
    const { config, owner } = this.#host;
    for (const name of needed) if (kinds[name].isNeeded?.(config)) this.get(name);
    if (!mayHaveListeners(owner)) return;
    for (const event of owner.eventNames()) {
      const names = byEvent.get(event as string);
      if (names === undefined || !isHeard(owner, event as string)) continue;
      for (const name of names) this.get(name);
    }
  }

  onUp(): void {
    if (this.#made > 0) for (const name of onUp) (this[name] as Part | undefined)?.onUp?.();
  }

  onSettled(): void {
    if (this.#made > 0)
      for (const name of onSettled) (this[name] as Part | undefined)?.onSettled?.();
  }

  onListeners(event: string | symbol): void {
    const names = byEvent.get(event as string);
    if (names === undefined) return;
    for (const name of names) {
      const isWanted = this[name] !== undefined || isHeard(this.#host.owner, event as string);
      if (isWanted) (this.get(name) as Part).onListeners?.(event as string);
    }
  }

  /** Whether nothing has needed any of them so far: nor has anything been changed by one. */
  get areNone(): boolean {
    return this.#made === 0;
  }

  /** Whether a notification concerns any part. */
  areFor(notification: NativeNotification): boolean {
    if (this.#informed > 0) return true;
    // Most associations get no others.
    const { type } = notification;
    if (type === 'shutdown' || (type === 'assocChange' && !isRestart(notification))) return false;
    for (const name of onFirst) if (kinds[name].isFor?.(notification) === true) return true;
    return false;
  }

  /** Every part gets it, even if a listener throws. */
  onNotification(notification: NativeNotification, errors: ErrorCollector): void {
    for (const name of onNotification) {
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
    if (this.#made > 0)
      for (const name of onDismissed) (this[name] as Part | undefined)?.onDismissed?.(error);
  }

  onOver(): void {
    if (this.#made > 0) for (const name of onOver) (this[name] as Part | undefined)?.onOver?.();
  }

  #make<Which extends Name>(name: Which): All[Which] {
    const part = kinds[name].make(this.#host, this);
    (this as Made)[name] = part;
    this.#made++;
    if (onNotification.includes(name)) this.#informed++;
    return part;
  }
}
