/** Options of all associations of a one-to-many socket. */
import type { OptionInput, SettableOptionName } from '../../types/options';
import { rowOf } from '../options/codec';
import { setOption } from '../options/options';
import type { EndpointLink } from './endpoint-link';
import type { SharedDescriptor } from './shared-descriptor';

/** Sets it on the descriptor that most share, and on those of their own. */
export function setOptionOfAll<Name extends SettableOptionName>(
  descriptor: SharedDescriptor,
  links: Iterable<EndpointLink>,
  name: Name,
  value: OptionInput<Name>,
): void {
  setOption(descriptor.native, name, value, { style: 'one-to-many' });
  descriptor.onOptionSet();
  if (rowOf(name).reach === 'future') return;
  for (const link of links) if (link.isPeeledOff) setOption(link, name, value, {});
}
