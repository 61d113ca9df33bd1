/** The same options for one new socket after another: packed for the second, and for all that follow. */
import type { NativeSocket } from '../../types/native';
import type { SctpOptions } from '../../types/options';
import {
  applyOptions,
  initialRtoOf,
  isForBound,
  isForOpened,
  namesOf,
  withInitialRto,
} from './apply-options';
import { isOn } from './conditions';
import { OptionSet } from './option-set';

export class RepeatedOptions {
  readonly #options: SctpOptions;
  /** Some are set once the socket is bound; whether any of those needs that. */
  readonly needsBinding: boolean;
  readonly #hasLater: boolean;
  #wasApplied = false;
  #initialRto: number | undefined;
  #set: OptionSet | undefined;

  constructor(options: SctpOptions) {
    this.#options = options;
    const later = namesOf(options, isForBound);
    this.#hasLater = later.length > 0;
    this.needsBinding = later.some((name) => isOn(options[name]));
  }

  /** The socket was just opened. */
  apply(socket: NativeSocket): void {
    if (!this.#wasApplied) {
      applyOptions(socket, this.#options);
      this.#wasApplied = true;
      return;
    }
    const initial = initialRtoOf(socket);
    if (this.#set === undefined || initial !== this.#initialRto) {
      const all = withInitialRto(this.#options, initial);
      this.#set = new OptionSet(all, namesOf(all, isForOpened));
      this.#initialRto = initial;
    }
    this.#set.apply(socket);
  }

  /** It is bound, if it is to be. */
  applyBound(socket: NativeSocket): void {
    if (this.#hasLater) applyOptions(socket, this.#options, 'bound');
  }
}
