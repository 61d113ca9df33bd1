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

type LongestRto = Pick<OptionValues['assocStats'], 'maxRto' | 'obsRtoIpaddr'>;

function longestRtoOf({ maxRto, obsRtoIpaddr }: LongestRto): LongestRto {
  return { maxRto, ...(obsRtoIpaddr && { obsRtoIpaddr }) };
}

export class AssociationOptions {
  readonly #link: Link;
  /** The longest RTO that our own readings have seen, and its path: the kernel forgets it then. */
  #longestRto: LongestRto | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  get<Name extends ReadableOptionName>(
    name: Name,
    ...[args]: OptionArguments<Name>
  ): OptionValues[Name] {
    const value = getOption(this.#link, name, args, this.#target());
    if (name !== 'assocStats') return value;
    const longest = this.#longestRto;
    this.#longestRto = undefined;
    const stats = value as OptionValues['assocStats'];
    const isLonger = longest !== undefined && longest.maxRto > stats.maxRto;
    return (isLonger ? { ...stats, ...longest } : stats) as OptionValues[Name];
  }

  /** As `get('assocStats')`, which a user's next reading does not notice. Throws without one. */
  peekStats(): OptionValues['assocStats'] {
    const stats = optionOf(this.#link, 'assocStats');
    if (stats.maxRto > (this.#longestRto?.maxRto ?? 0)) this.#longestRto = longestRtoOf(stats);
    return stats;
  }

  set<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    setOption(this.#link, name, value, this.#target());
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
