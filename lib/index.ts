export type { DatagramHandle } from './datagram/handle';
export { type OnReceive, open, type OpenOptions } from './datagram/open';
export { type Support, support } from './support';
export type { Address, AddressInput } from '../types/address';
export type { ReceivedInfo, SendInfo } from '../types/messages';
export type {
  AssocInfo,
  AssocState,
  AssocStats,
  AssociationOptionName,
  Counter,
  DefaultSndInfo,
  DelayedSack,
  InitMsg,
  OptionArguments,
  OptionInput,
  OptionName,
  OptionValues,
  PathState,
  PeerAddrInfo,
  PeerAddrParams,
  PrInfo,
  PrPolicy,
  ReadOnlyOptionName,
  RtoInfo,
  SctpOptions,
  SettableOptionName,
  Status,
} from '../types/options';
