export {
  createDataChannelAssociation,
  DataChannelAssociation,
  type DataChannelAssociationEvents,
} from './association';
export type { AssociationState } from './transport-association';
export type { DataChannelInit } from './channel-init';
export type { ChannelState } from './channel-core';
export { type BinaryType, DataChannel, type DataChannelEvents } from './data-channel';
export { ChannelMessageEvent, type MessageData, RTCErrorEvent } from './events';
export type { DataChannelAssociationOptions } from './options';
export type { PacketTransport } from './packet-transport';
export type { ChannelPriority } from './priority';
export { RTCError } from './rtc-error';
export {
  SctpAssociation,
  type SctpAssociationEvents,
  type SctpAssociationOptions,
  type SctpAssociationState,
} from './sctp-association';
export { SctpDataChannel, type SctpDataChannelEvents } from './sctp-data-channel';
export { dataChannels, type DataChannelsOptions, SocketChannels } from './socket-channels';
export type { AssociationStats } from './stats';
export type { Role } from './stream-ids';
