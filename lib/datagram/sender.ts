/** The sending half of a datagram handle: try the kernel first, queue what it has no room for. */
import { constants as os } from 'node:os';
import { debuglog } from 'node:util';

import type { SendInfo } from '../../types/messages';
import type { NativeSendInfo, NativeSeqpacketSocket } from '../../types/native';
import { addressHint } from '../address-hint';
import {
  errnoName,
  invalidArgValue,
  messageNotToBeCut,
  messageTooLarge,
  sendBufferFull,
  systemError,
} from '../errors';
import { MessageDefaults } from '../messages/defaults';
import { checkSendInfo } from '../messages/info';
import { MessageQueue } from '../messages/queue';
import { getOption } from '../options/options';
import { RoomWait } from '../room-wait';
import { checkBytes, checkIp, checkPort, type Family } from '../validate';
import { sendErrorText } from './reports';

const { EAGAIN } = os.errno;
const trace = debuglog('kernel-sctp');

interface Outgoing {
  data: ArrayBufferView;
  host: string;
  port: number;
  info: SendInfo | undefined;
}

/** An accepted message that waits for the kernel. */
interface WaitingMessage {
  /** Our own copy: the caller may reuse its buffer as soon as send() has returned. */
  data: Buffer;
  host: string;
  port: number;
  info: NativeSendInfo;
}

/** What keeping a message costs beside its bytes, so that many tiny ones are bounded too. */
const OVERHEAD = 256;

export interface SenderConfig {
  /** Of the socket: an IPv4 socket reaches no IPv6 peer. */
  family: Family;
  /** Bytes that may wait, overhead included. */
  limit: number;
  /** Tells the user of a message that was accepted and cannot be sent. */
  report: (text: string) => void;
  /** Nothing waits any more. */
  onIdle: () => void;
}

export class DatagramSender {
  readonly #socket: NativeSeqpacketSocket;
  readonly #config: SenderConfig;
  readonly #queue = new MessageQueue<WaitingMessage>(OVERHEAD);
  readonly #defaults: MessageDefaults;
  #sendBuffer: number | undefined;
  readonly #room: RoomWait;

  constructor(socket: NativeSeqpacketSocket, config: SenderConfig) {
    this.#socket = socket;
    this.#config = config;
    this.#defaults = new MessageDefaults(socket);
    this.#room = new RoomWait(
      (on) => {
        socket.watch(true, on);
      },
      () => {
        this.flush(false);
      },
    );
  }

  /** Throws for anything that could never be sent. */
  check(data: unknown, host: unknown, port: unknown, info: unknown): Outgoing {
    const bytes = checkBytes('data', data);
    const family = checkIp('host', host);
    if (family === 6 && this.#config.family === 4) {
      throw invalidArgValue('host', host, 'must be an IPv4 address: the handle is bound to one');
    }
    return {
      data: bytes,
      host: host as string,
      port: checkPort('port', port, { allowZero: false }),
      info: info === undefined ? undefined : checkSendInfo(info),
    };
  }

  /** @returns bytes accepted */
  send({ data, host, port, info }: Outgoing): number {
    const native = this.#defaults.toNative(info);
    // What waits goes first, or messages would overtake each other.
    const result = this.#queue.length > 0 ? -EAGAIN : this.#try(data, host, port, native);
    if (result >= 0) return result;
    if (result !== -EAGAIN) throw this.#sendError(result, data, { address: host, port }, native);
    return this.#enqueue(data, host, port, native);
  }

  /** An option may have changed. */
  reloadOptions(): void {
    this.#defaults.reload();
    this.#sendBuffer = undefined;
  }

  /**
   * Hands waiting messages to the kernel, as far as it takes them.
   * @param writable whether the kernel has just called the socket writable
   */
  flush(writable: boolean): void {
    let progress = false;
    for (let message = this.#queue.first(); message; message = this.#queue.first()) {
      const { data, host, port, info } = message;
      const result = this.#try(data, host, port, info);
      if (result === -EAGAIN) break;
      progress = true;
      this.#queue.shift();
      if (result < 0) this.#reportLater(sendErrorText(result, host, port, data.length));
    }
    this.#wait(progress || !writable);
  }

  /** How many messages wait for the kernel. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Nothing will be sent any more. */
  stop(): void {
    this.#room.drop();
  }

  #try(data: ArrayBufferView, host: string, port: number, info: NativeSendInfo): number {
    return this.#socket.send(data, host, port, ...info);
  }

  #enqueue(data: ArrayBufferView, host: string, port: number, info: NativeSendInfo): number {
    const charge = this.#queue.charge(data.byteLength);
    if (this.#queue.bytes + charge > this.#config.limit) {
      const place = { address: host, port };
      throw sendBufferFull(data.byteLength, this.#queue.bytes, this.#config.limit, place);
    }
    const limit = this.#longestMessage;
    if (data.byteLength > limit) {
      throw messageTooLarge(data.byteLength, limit, { address: host, port });
    }
    const copy = Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#queue.push({ data: copy, host, port, info });
    trace('queued %d bytes to %s:%d, %d wait', copy.length, host, port, this.#queue.length);
    if (this.#queue.length === 1) this.#wait(true);
    return copy.length;
  }

  /** Arranges the next flush, if one is needed. */
  #wait(trust: boolean): void {
    if (this.#queue.length > 0) {
      this.#room.begin(trust);
    } else {
      this.#room.end();
      this.#config.onIdle();
    }
  }

  /** In a tick of its own: what `onRecv` throws must not stop the flush. */
  #reportLater(text: string): void {
    process.nextTick(this.#config.report, text);
  }

  /** In bytes: the kernel takes no message longer than its send buffer. */
  get #longestMessage(): number {
    return (this.#sendBuffer ??= getOption(this.#socket, 'sndBuf'));
  }

  #sendError(
    errno: number,
    data: ArrayBufferView,
    place: { address: string; port: number },
    info: NativeSendInfo,
  ): Error {
    const name = errnoName(errno);
    if (name === 'EMSGSIZE') {
      const limit = this.#longestMessage;
      if (data.byteLength > limit) return messageTooLarge(data.byteLength, limit, place);
      return messageNotToBeCut(data.byteLength, place);
    }
    return systemError('send', errno, place, name === 'EINVAL' ? hint(place.address, info) : '');
  }
}

/** What the kernel may find invalid about a message that has passed our checks. */
function hint(host: string, [sid]: NativeSendInfo): string {
  const address = addressHint(host);
  if (address !== '') return address;
  return sid === 0
    ? 'the address cannot be reached from the one that the handle is bound to'
    : `stream ${String(sid)} may be beyond those negotiated (sctp.initMsg.numOstreams)`;
}
