export type {
  AssociationState,
  AssociationStats,
  BinaryType,
  ChannelPriority,
  ChannelState,
  DataChannelAssociationOptions,
  DataChannelInit,
  DataChannelsOptions,
  MessageData,
  PacketTransport,
  Role,
  SctpAssociationOptions,
  SctpAssociationState,
  SctpDataChannelEvents,
} from '../../types/data-channels';
export {
  createDataChannelAssociation,
  DataChannelAssociation,
  type DataChannelAssociationEvents,
} from './association';
export { DataChannel, type DataChannelEvents } from './data-channel';
export { ChannelMessageEvent, RTCErrorEvent } from './events';
export { RTCError } from './rtc-error';
export { SctpAssociation, type SctpAssociationEvents } from './sctp-association';
export { SctpDataChannel } from './sctp-data-channel';
export { dataChannels, SocketChannels } from './socket-channels';
