/** Options of one association for our own code, which knows what it does. */
import type { OptionValues, ReadableOptionName } from '../../types/options';
import { getOption } from '../options/options';
import type { Link } from './link';

export function optionOf<Name extends ReadableOptionName>(
  link: Link,
  name: Name,
  args?: unknown,
): OptionValues[Name] {
  return getOption(link, name, args);
}
