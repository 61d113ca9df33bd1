/** Options of all associations of a one-to-many socket. */
import type {
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../types/options';
import { rowOf } from '../options/codec';
import { getOption, type OptionHolder, setOption } from '../options/options';
import type { EndpointLink } from './endpoint-link';
import type { SharedDescriptor } from './shared-descriptor';

/** @param holder who knows it, if it is not of the descriptor */
export function getOptionOfAll<Name extends ReadableOptionName>(
  descriptor: SharedDescriptor,
  name: Name,
  args: unknown,
  holder: OptionHolder = descriptor.native,
): OptionValues[Name] {
  const value = getOption(holder, name, args, { style: 'one-to-many' });
  const isShared = name === 'rcvBuf' && holder === descriptor.native;
  return isShared ? (descriptor.receiveBuffer.size as OptionValues[Name]) : value;
}

/** Sets it on the descriptor that most share, and on those of their own. */
export function setOptionOfAll<Name extends SettableOptionName>(
  descriptor: SharedDescriptor,
  links: Iterable<EndpointLink>,
  name: Name,
  value: OptionInput<Name>,
): void {
  descriptor.receiveBuffer.whileWide(() => {
    setOption(descriptor.native, name, value, { style: 'one-to-many' });
  });
  descriptor.onOptionSet();
  if (rowOf(name).reach === 'future') return;
  for (const link of links) if (link.isPeeledOff) setOption(link, name, value, {});
}
