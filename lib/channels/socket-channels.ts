/** `dataChannels(socket)`: the same channels on an association of the kernel's. */
import { EventEmitter } from 'node:events';

import type {
  DataChannelInit,
  DataChannelsOptions,
  Role,
  SocketChannelsEventMap,
} from '../../types/data-channels';
import { invalidArgType } from '../errors';
import { checkInteger, checkOneOf, checkProperties, INT32 } from '../validate';
import { checkChannelInit } from './channel-init';
import { ChannelSet } from './channel-set';
import { DataChannel } from './data-channel';
import { rtcErrorOf } from './errors';
import { guarded } from '../guarded';
import { invalidState, type RTCError } from './rtc-error';
import { type ChannelSocket, SocketTransport } from './socket-transport';

const NAMES = [
  'role',
  'remoteMaxMessageSize',
] as const satisfies readonly (keyof DataChannelsOptions)[];

/** The arguments that each event's listeners get. */
export type SocketChannelsEvents = SocketChannelsEventMap<DataChannel, RTCError>;

/** The data channels of a connected Socket. */
export class SocketChannels extends EventEmitter<SocketChannelsEvents> {
  readonly #set: ChannelSet;
  readonly #transport: SocketTransport;
  #isOver = false;

  /** @internal */
  constructor(socket: ChannelSocket, role: Role, maxMessageSize: number) {
    super();
    this.#transport = new SocketTransport(socket);
    this.#set = new ChannelSet(
      this.#transport,
      {
        onChannel: (channel) => {
          guarded(() => this.emit('datachannel', new DataChannel(channel)));
        },
        onViolation: (error) => {
          guarded(() => this.emit('violation', error));
        },
      },
      { role, streams: this.#transport.streams, maxMessageSize },
    );
    this.#transport.listen(this.#set, (error) => {
      this.#isOver = true;
      this.#set.onDown(error && rtcErrorOf(error));
    });
  }

  /** Opens a channel. */
  createDataChannel(label: string, init: DataChannelInit = {}): DataChannel {
    const checked = checkChannelInit(label, init);
    if (this.#isOver) throw invalidState('The association is over');
    return new DataChannel(this.#set.create(checked));
  }
}

/**
 * Data channels on a Socket, which then carries nothing else. To close them streams must be
 * resettable: `sctp: { reconfigSupported: true, enableStreamReset: { resetStreams: true } }` at both
 * ends.
 */
export function dataChannels(socket: ChannelSocket, options: DataChannelsOptions): SocketChannels {
  const candidate = socket as ChannelSocket | null | undefined;
  if (typeof candidate?.resetStreams !== 'function' || typeof candidate.send !== 'function') {
    throw invalidArgType('socket', 'an instance of Socket', socket);
  }
  const { role, remoteMaxMessageSize = 256 * 1024 } = checkProperties('options', options, NAMES);
  const limit = checkInteger('options.remoteMaxMessageSize', remoteMaxMessageSize, 0, INT32);
  const checkedRole = checkOneOf('options.role', role, ['client', 'server']);
  return new SocketChannels(socket, checkedRole, limit === 0 ? Infinity : limit);
}
