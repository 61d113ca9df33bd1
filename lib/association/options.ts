/** Options of one association: as its user reads and sets them, and as our own code does. */
import type {
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../types/options';
import { getOption, setOption, type Target } from '../options/options';
import type { Link } from './link';

/** For our own code, which knows what it does. */
export function optionOf<Name extends ReadableOptionName>(
  link: Link,
  name: Name,
  args?: unknown,
): OptionValues[Name] {
  return getOption(link, name, args);
}

export class AssociationOptions {
  readonly #link: Link;
  readonly #onChange: () => void;

  /** @param onChange an option has been set */
  constructor(link: Link, onChange: () => void) {
    this.#link = link;
    this.#onChange = onChange;
  }

  get<Name extends ReadableOptionName>(
    name: Name,
    ...[args]: OptionArguments<Name>
  ): OptionValues[Name] {
    return getOption(this.#link, name, args, this.#target());
  }

  set<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    setOption(this.#link, name, value, this.#target());
    this.#onChange();
  }

  #target(): Target {
    const link = this.#link;
    return {
      assocId: link.assocId,
      style: link.assocId === undefined ? 'one-to-one' : 'one-to-many',
      peerPort: link.peerAddress()?.port,
      localPort: link.localAddress()?.port,
    };
  }
}
