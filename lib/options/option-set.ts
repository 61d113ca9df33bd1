/** Options as the addon takes them: packed once, and set on a socket by one native call. */
import type { NativeSocket } from '../../types/native';
import type { NativeOptionValues } from '../../types/native-values';
import type { SctpOptions } from '../../types/options';
import { binding } from '../binding';
import { packable, setOption } from './options';

type Name = keyof SctpOptions;

export class OptionSet {
  readonly #options: SctpOptions;
  readonly #names: readonly Name[];
  readonly #packed: Uint8Array | undefined;

  /** @param names those to set, in this order */
  constructor(options: SctpOptions, names: readonly Name[]) {
    this.#options = options;
    this.#names = names;
    this.#packed = pack(options, names);
  }

  /** @throws an error that says what the kernel refuses, and why */
  apply(socket: NativeSocket): void {
    const count = this.#packed ? socket.setOptions(this.#packed) : 0;
    // The rest by themselves: what was refused is refused again, with all that there is to say of it.
    for (let i = Math.max(0, count); i < this.#names.length; i++) {
      const name = this.#names[i] as Name;
      setOption(socket, name, this.#options[name] as never);
    }
  }
}

/** Nothing where an option needs more than to be set. */
function pack(options: SctpOptions, names: readonly Name[]): Uint8Array | undefined {
  const list: (string | NativeOptionValues)[] = [];
  for (const name of names) {
    const values = packable(name, options[name]);
    if (values === undefined) return undefined;
    list.push(name, values);
  }
  const packed = binding.packOptions(list);
  return typeof packed === 'number' ? undefined : packed;
}
