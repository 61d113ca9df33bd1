export { constants } from './constants';
export type { DatagramHandle } from './datagram/handle';
export { type OnReceive, open, type OpenOptions } from './datagram/open';
export { defaults, type Defaults } from './defaults';
export {
  BlockList,
  connect,
  createConnection,
  createServer,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  isIP,
  isIPv4,
  isIPv6,
  Server,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
  Socket,
  SocketAddress,
  Stream,
} from './net';
export type { ServerEvents } from './server/server';
export { PPID, type PpidMap, type PpidName, protocol, type ProtocolName } from './protocols/ppid';
export { presets } from './protocols/presets';
export type { Feature, Features, SysctlState } from './support/features';
export { type Support, support } from './support/support';
export type { Address, AddressInput } from '../types/address';
export type {
  Message,
  MessageInfo,
  ReceivedInfo,
  SendInfo,
  SocketSendInfo,
} from '../types/messages';
export type * from '../types/notifications';
export type * from '../types/paths';
export type * from '../types/options';
export type { DropInfo, ListenOptions, ServerOptions } from '../types/server';
export type * from '../types/parsed-notifications';
export type {
  ConnectOptions,
  OnReadOptions,
  RestartInfo,
  SendFailedError,
  SocketEvents,
  SocketOptions,
  StallInfo,
} from '../types/socket';
export type { SctpStream } from '../types/streams';
