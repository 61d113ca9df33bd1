/** What `open` returns. */
import { inspect } from 'node:util';

import type { Address } from '../../types/address';
import type { OnReceive } from '../../types/datagram';
import type { ReceivedInfo, SendInfo } from '../../types/messages';
import type { NativeSeqpacketSocket } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import type {
  AssociationOptionName,
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../types/options';
import { FailedMessages } from '../association/failed-messages';
import { type BatchHandler, BatchReader, type Peer } from '../batch';
import { binding } from '../binding';
import { handleClosed, interleavedStart } from '../errors';
import { getOption, setOption } from '../options/options';
import type { Family } from '../validate';
import { Closer } from './closer';
import type { DatagramConfig } from './config';
import { Crowd } from './crowd';
import {
  assocChangeText,
  incompleteText,
  noRoomText,
  receiveErrorText,
  refusedText,
  sendFailedText,
  tooLargeText,
} from './reports';
import { DatagramSender } from './sender';

const { SCTP_COMM_UP, SCTP_RESTART } = binding.constants;

/** The socket that a handle takes over. */
export interface BoundSocket {
  socket: NativeSeqpacketSocket;
  family: Family;
}

type DatagramOptionName = Exclude<ReadableOptionName, AssociationOptionName> | 'peerAddrInfo';

/**
 * An open one-to-many socket. Methods may be taken off it: `const { send } = open(…)`.
 *
 * It keeps the process alive until it is closed or unreferenced, also if the program has dropped
 * it. One that is unreferenced and dropped is closed when it is collected.
 */
export class DatagramHandle {
  readonly #socket: NativeSeqpacketSocket;
  readonly #config: DatagramConfig;
  readonly #sender: DatagramSender;
  readonly #closer: Closer;
  readonly #crowd: Crowd;
  #interleaves: boolean;
  /** By the user; the socket may still be finishing. */
  #closed = false;
  readonly #failedMessages = new FailedMessages();

  /** @internal Use `open`. */
  constructor({ socket, family }: BoundSocket, config: DatagramConfig) {
    this.#socket = socket;
    this.#config = config;
    this.#interleaves = config.sctp.interleavingSupported === true;
    this.#sender = new DatagramSender(socket, {
      family,
      limit: config.sendBufferLimit,
      report: (text) => {
        this.#report(text);
      },
      onIdle: () => {
        this.#closer.settle();
      },
    });
    this.#crowd = new Crowd(socket, config.maxAssociations);
    this.#closer = new Closer(socket, this.#sender);
    const reader = new BatchReader(this.#batchHandler());
    socket.onBatch = (count, slab, extras): void => {
      reader.read(count, slab, extras);
    };
    socket.onWritable = (): void => {
      this.#sender.flush();
    };
    socket.watch(true, false);
  }

  /**
   * Sends one message. An association is set up if there is none.
   *
   * @param data at least one byte; may be reused once this has returned
   * @param host numeric address of the peer
   * @param port 1 to 65535
   * @param info how to send it; what is left out follows the handle's defaults
   * @returns bytes accepted: by the kernel, or, if its buffer is full, to be sent when it can
   *   take them. A message that turns out undeliverable later is reported to `onRecv`.
   * @throws TypeError, RangeError with Node's codes for bad arguments
   * @throws ERR_SCTP_SEND_BUFFER_FULL if `sendBufferLimit` is reached; nothing was taken
   * @throws ERR_SCTP_MESSAGE_TOO_LARGE for more than the kernel's send buffer
   * @throws ERR_SOCKET_DGRAM_NOT_RUNNING after `close`; other system errors
   */
  readonly send = (data: ArrayBufferView, host: string, port: number, info?: SendInfo): number => {
    const message = this.#sender.check(data, host, port, info);
    if (this.#closed) throw handleClosed();
    if (this.#interleaves) this.#checkAssociated(message);
    return this.#sender.send(message);
  };

  /**
   * Stops receiving at once and closes. If messages still wait for the kernel, or associations are
   * still being set up, that is done first, in the background, for 30 s at most; what is lost
   * nevertheless is reported by a process warning. Does nothing the second time.
   */
  readonly close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#closer.begin();
  };

  /** The bound address, with the port that 0 became. */
  readonly address = (): Address => {
    const address = this.#closed ? undefined : this.#socket.localAddress();
    if (address === undefined) throw handleClosed();
    return address;
  };

  /** Keeps the process alive again, after `unref`. */
  readonly ref = (): this => {
    if (!this.#closed) this.#socket.ref();
    return this;
  };

  /** Lets the process end though the handle is open. */
  readonly unref = (): this => {
    if (!this.#closed) this.#socket.unref();
    return this;
  };

  /**
   * Reads a socket option. `status`, `assocStats` and `primaryAddr` are part of one association, of
   * which a handle has many; a path is found by its address and port.
   * @throws ERR_SCTP_OPTION if the kernel refuses
   */
  readonly getOption = <Name extends DatagramOptionName>(
    name: Name,
    ...[args]: OptionArguments<Name>
  ): OptionValues[Name] => {
    if (this.#closed) throw handleClosed();
    return getOption(this.#socket, name, args, { style: 'one-to-many' });
  };

  /** Sets a socket option. @throws ERR_SCTP_OPTION if the kernel refuses */
  readonly setOption = <Name extends SettableOptionName>(
    name: Name,
    value: OptionInput<Name>,
  ): void => {
    if (this.#closed) throw handleClosed();
    setOption(this.#socket, name, value, { style: 'one-to-many' });
    if (name === 'interleavingSupported') this.#interleaves = value as boolean;
    this.#sender.reloadOptions();
  };

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](): string {
    if (this.#closed) return 'DatagramHandle { closed }';
    const { address, port } = this.address();
    return `DatagramHandle { ${address}:${String(port)} }`;
  }

  /** Otherwise the kernel would block in the call until the peer answers. */
  #checkAssociated({ host, port }: { host: string; port: number }): void {
    try {
      getOption(this.#socket, 'peerAddrInfo', { address: { address: host, port } });
    } catch {
      throw interleavedStart({ address: host, port });
    }
  }

  #report(text: string): void {
    if (this.#closed) this.#closer.onTrouble(text);
    else this.#config.onReceive(text);
  }

  #batchHandler(): BatchHandler {
    const closer = this.#closer;
    const crowd = this.#crowd;
    const { maxMessageSize, maxMessageSizeName, maxUnfinishedBytes, onReceive, copy } =
      this.#config;
    // After `close`, what still arrives is not delivered.
    const deliver: OnReceive = (...args) => {
      if (!this.#closed) onReceive(...args);
    };
    return {
      get receiving() {
        return !closer.closed;
      },
      copies: copy,
      onMessage(data: Buffer, { address, port }: Peer, info: ReceivedInfo) {
        if (!crowd.isRefused(info.assocId)) deliver([data, address, port], info);
      },
      onTooLarge(length, peer) {
        deliver(
          length > maxMessageSize
            ? tooLargeText(length, maxMessageSize, maxMessageSizeName, peer)
            : noRoomText(length, maxUnfinishedBytes, peer),
        );
      },
      onIncomplete(length, peer) {
        deliver(incompleteText(length, peer));
      },
      onError(errno) {
        deliver(receiveErrorText(errno));
      },
      onNotification: (notification, peer) => {
        this.#onNotification(notification, peer);
      },
    };
  }

  #onNotification(notification: NativeNotification, peer: Peer): void {
    try {
      this.#reportNotification(notification, peer);
    } finally {
      // Last: it may have been what closing was waiting for.
      this.#closer.onNotification(notification);
    }
  }

  #reportNotification(notification: NativeNotification, peer: Peer): void {
    const { assocId } = notification;
    const isKnownLoss = this.#crowd.isRefused(assocId);
    if (this.#crowd.onNotification(notification)) {
      this.#report(refusedText(this.#config.maxAssociations, peer));
    } else if (notification.type === 'assocChange') {
      const isUp = notification.state === SCTP_COMM_UP || notification.state === SCTP_RESTART;
      if (!isUp) this.#failedMessages.forget(notification.assocId);
      const text = assocChangeText(notification, peer);
      if (text !== undefined && !isKnownLoss) this.#report(text);
    } else if (notification.type === 'sendFailed') {
      const message = this.#failedMessages.add(notification);
      if (message) this.#report(sendFailedText(message, peer));
    }
  }
}
