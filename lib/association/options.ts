/** Options of one association: as its user reads and sets them, and as our own code does. */
import type { NativeOptionValues } from '../../types/native-values';
import type {
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../types/options';
import { fromNative, rowOf } from '../options/codec';
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

function longestRtoOf(values: NativeOptionValues): LongestRto {
  const { fields } = rowOf('assocStats');
  const { maxRto, obsRtoIpaddr } = fromNative(fields, values, '') as OptionValues['assocStats'];
  return { maxRto, ...(obsRtoIpaddr && { obsRtoIpaddr }) };
}

export class AssociationOptions {
  readonly #link: Link;
  /**
   * The statistics with the longest RTO that our own readings have seen, and its path: the kernel
   * forgets it then.
   */
  #longest: NativeOptionValues | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  get<Name extends ReadableOptionName>(
    name: Name,
    ...[args]: OptionArguments<Name>
  ): OptionValues[Name] {
    const value = getOption(this.#link, name, args, this.#target());
    if (name !== 'assocStats') return value;
    const longest = this.#longest && longestRtoOf(this.#longest);
    this.#longest = undefined;
    const stats = value as OptionValues['assocStats'];
    const isLonger = longest !== undefined && longest.maxRto > stats.maxRto;
    return (isLonger ? { ...stats, ...longest } : stats) as OptionValues[Name];
  }

  /** DATA chunks sent so far. A user's next reading of the statistics does not notice this one. */
  chunksSent(): number | undefined {
    const stats = this.#link.getOption('assocStats', {});
    if (typeof stats === 'number') return undefined; // there is no association, or no such option
    if (Number(stats['maxRto']) > Number(this.#longest?.['maxRto'] ?? 0)) this.#longest = stats;
    return Number(stats['oOdChunks']) + Number(stats['oUodChunks']);
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
