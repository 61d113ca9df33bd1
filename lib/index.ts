export type { DatagramHandle } from './datagram/handle';
export { type OnReceive, open, type OpenOptions } from './datagram/open';
export { connect, createConnection, createServer, Socket } from './net';
export { Server, type ServerEvents } from './server/server';
export { type Support, support } from './support';
export type { Address, AddressInput } from '../types/address';
export type {
  Message,
  MessageInfo,
  ReceivedInfo,
  SendInfo,
  SocketSendInfo,
} from '../types/messages';
export type * from '../types/notifications';
export type * from '../types/options';
export type {
  ConnectOptions,
  DropInfo,
  ListenOptions,
  SendFailedError,
  ServerOptions,
  SocketEvents,
  SocketOptions,
} from '../types/socket';
