export { constants } from './constants';
export type { DatagramHandle } from './datagram/handle';
export { open } from './datagram/open';
export { defaults } from './defaults';
export { createEndpoint, Endpoint } from './endpoint/endpoint';
export type { EndpointAssociation } from './endpoint/endpoint-association';
export type { EndpointEvents } from './endpoint/endpoint-events';
export { metrics } from './metrics';
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
export { PPID, protocol } from './protocols/ppid';
export { presets } from './protocols/presets';
export type { ServerEvents } from './server/server';
export { support } from './support/support';
export type * from '../types/address';
export type * from '../types/association';
export type * from '../types/datagram';
export type * from '../types/defaults';
export type * from '../types/diagnostics';
export type * from '../types/endpoint';
export type * from '../types/engine';
export type * from '../types/messages';
export type * from '../types/metrics';
export type * from '../types/notifications';
export type * from '../types/options';
export type * from '../types/parsed-notifications';
export type * from '../types/paths';
export type * from '../types/ppid';
export type * from '../types/presets';
export type * from '../types/server';
export type * from '../types/socket';
export type * from '../types/streams';
export type * from '../types/support';
