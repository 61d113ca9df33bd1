/** Options of one association, as its user reads and sets them. */
import type { AssociationStatus } from '../../types/association';
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
import type { Addresses } from './addresses/addresses';
import { lastKnown } from './last-known';
import type { Limits } from './limits';
import type { Link } from './link';
import { withOlderNames } from './older-status';

type LongestRto = Pick<OptionValues['assocStats'], 'maxRto' | 'obsRtoIpaddr'>;

function longestRtoOf(values: NativeOptionValues): LongestRto {
  const { fields } = rowOf('assocStats');
  const { maxRto, obsRtoIpaddr } = fromNative(fields, values, '') as OptionValues['assocStats'];
  return { maxRto, ...(obsRtoIpaddr && { obsRtoIpaddr }) };
}

/** What AssociationOptions need of their association. */
export interface OptionsHost {
  readonly link: Link;
  readonly addresses: Addresses;
  readonly limits: Limits;
  /** Its user is about to read an option, or to set one to a value that is not checked yet. */
  beforeOptionRead(name: string): void;
  beforeOptionSet(name: string, value: unknown): void;
  onOptionSet(name: string): void;
}

export class AssociationOptions {
  readonly #host: OptionsHost;
  readonly #link: Link;
  /**
   * The statistics with the longest RTO that our own readings have seen, and its path: the kernel
   * forgets it then.
   */
  #longest: NativeOptionValues | undefined;

  constructor(host: OptionsHost) {
    this.#host = host;
    this.#link = host.link;
  }

  /** @throws ERR_SCTP_OPTION if the kernel refuses */
  get<Name extends ReadableOptionName>(
    name: Name,
    ...args: OptionArguments<Name>
  ): OptionValues[Name] {
    this.#host.beforeOptionRead(name);
    try {
      return this.#read(name, ...args);
    } catch (error) {
      const last = this.#link.isGone() ? lastKnown(name, this.#host) : undefined;
      if (last === undefined) throw error;
      return last as OptionValues[Name];
    }
  }

  /** @throws ERR_SCTP_OPTION if the kernel refuses */
  set<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    this.#host.beforeOptionSet(name, value);
    setOption(this.#link, name, value, this.#target());
    this.#host.onOptionSet(name);
  }

  /** Its state (RFC 6458 §8.2.1), under older names as well. */
  status(): AssociationStatus {
    return withOlderNames(this.get('status'));
  }

  /** DATA chunks sent so far. A user's next reading of the statistics does not notice this one. */
  chunksSent(): number | undefined {
    const stats = this.#link.getOption('assocStats', {});
    if (typeof stats === 'number') return undefined; // there is no association, or no such option
    if (Number(stats['maxRto']) > Number(this.#longest?.['maxRto'] ?? 0)) this.#longest = stats;
    return Number(stats['oOdChunks']) + Number(stats['oUodChunks']);
  }

  #read<Name extends ReadableOptionName>(
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
