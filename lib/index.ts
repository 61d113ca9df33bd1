export type { DatagramHandle } from './datagram/handle';
export { type OnReceive, open, type OpenOptions } from './datagram/open';
export { type Support, support } from './support';
export type { Address } from '../types/address';
export type { ReceivedInfo, SendInfo } from '../types/messages';
export type {
  DefaultSndInfo,
  DelayedSack,
  InitMsg,
  OptionInput,
  OptionName,
  OptionValues,
  PrInfo,
  PrPolicy,
  RtoInfo,
  SctpOptions,
} from '../types/options';
