/** The sending half of a datagram handle: try the kernel first, queue what it has no room for. */
import { constants as os } from 'node:os';
import { debuglog } from 'node:util';

import type { SendInfo } from '../../types/messages';
import type { NativeSendInfo, NativeSeqpacketSocket } from '../../types/native';
import {
  errnoName,
  invalidArgValue,
  messageTooLarge,
  sendBufferFull,
  systemError,
} from '../errors';
import { checkSendInfo } from '../message-info';
import { getOption } from '../options/options';
import { checkBytes, checkIp, checkPort } from '../validate';
import { MessageDefaults } from './message-defaults';
import { sendErrorText } from './reports';
import { SendQueue } from './send-queue';

const { EAGAIN } = os.errno;
const trace = debuglog('kernel-sctp');

/** After `close`, how long waiting messages may take to reach the kernel. */
const CLOSE_TIMEOUT_MS = 30_000;
/**
 * How long to wait where "writable" cannot be trusted: the kernel may be short of memory though
 * the socket has room, or (net.sctp.sndbuf_policy=1) tell nobody that one peer has room again.
 */
const RETRY_MS = 50;

interface Outgoing {
  data: ArrayBufferView;
  host: string;
  port: number;
  info: SendInfo | undefined;
}

export class DatagramSender {
  readonly #socket: NativeSeqpacketSocket;
  readonly #limit: number;
  readonly #report: (text: string) => void;
  readonly #queue = new SendQueue<NativeSendInfo>();
  readonly #defaults: MessageDefaults;
  readonly #family: 'IPv4' | 'IPv6';
  #retry: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(socket: NativeSeqpacketSocket, limit: number, report: (text: string) => void) {
    this.#socket = socket;
    this.#limit = limit;
    this.#report = report;
    this.#defaults = new MessageDefaults(socket);
    this.#family = socket.localAddress()?.family ?? 'IPv4';
  }

  /** Throws for anything that could never be sent. */
  check(data: unknown, host: unknown, port: unknown, info: unknown): Outgoing {
    const bytes = checkBytes('data', data);
    const family = checkIp('host', host);
    if (family === 6 && this.#family === 'IPv4') {
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
    if (result !== -EAGAIN) throw this.#sendError(result, data, { address: host, port }, info);
    return this.#enqueue(data, host, port, native);
  }

  /** An option that messages follow may have changed. */
  reloadDefaults(): void {
    this.#defaults.reload();
  }

  /** Hands waiting messages to the kernel, as far as it takes them. */
  flush(): void {
    let progress = false;
    for (let message = this.#queue.first(); message; message = this.#queue.first()) {
      const { data, host, port, info } = message;
      const result = this.#try(data, host, port, info);
      if (result === -EAGAIN) break;
      progress = true;
      this.#queue.shift();
      if (result < 0) this.#reportLater(sendErrorText(result, host, port, data.length));
    }
    this.#wait(progress);
  }

  /** Closes the socket when nothing waits any more. */
  close(): void {
    this.#closing = true;
    if (this.#queue.length === 0) {
      this.#closeNow();
      return;
    }
    this.#deadline = setTimeout(() => {
      const count = String(this.#queue.length);
      const seconds = String(CLOSE_TIMEOUT_MS / 1000);
      const message = `closed ${seconds} s after close() with ${count} messages not sent`;
      process.emitWarning(message, { type: 'SctpWarning', code: 'SCTP_CLOSED_UNSENT' });
      this.#closeNow();
    }, CLOSE_TIMEOUT_MS).unref();
  }

  #closeNow(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#deadline);
    this.#socket.close();
  }

  #try(data: ArrayBufferView, host: string, port: number, info: NativeSendInfo): number {
    return this.#socket.send(data, host, port, ...info);
  }

  #enqueue(data: ArrayBufferView, host: string, port: number, info: NativeSendInfo): number {
    const charge = SendQueue.charge(data.byteLength);
    if (this.#queue.bytes + charge > this.#limit) {
      const place = { address: host, port };
      throw sendBufferFull(data.byteLength, this.#queue.bytes, this.#limit, place);
    }
    const limit = this.#sendBuffer();
    if (data.byteLength > limit) {
      throw messageTooLarge(data.byteLength, limit, { address: host, port });
    }
    const copy = Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#queue.push({ data: copy, host, port, info });
    trace('queued %d bytes to %s:%d, %d wait', copy.length, host, port, this.#queue.length);
    if (this.#queue.length === 1) this.#wait(true);
    return copy.length;
  }

  /** Arranges the next flush, if one is needed. `progress`: the kernel took something just now. */
  #wait(progress: boolean): void {
    clearTimeout(this.#retry);
    if (this.#queue.length === 0) {
      if (this.#closing) this.#closeNow();
      else this.#socket.watch(true, false);
      return;
    }
    // "Writable" without progress would wake us again at once, and for ever.
    this.#socket.watch(true, progress);
    this.#retry = setTimeout(() => {
      this.flush();
    }, RETRY_MS).unref();
  }

  /** In a tick of its own: what `onRecv` throws must not stop the flush. */
  #reportLater(text: string): void {
    process.nextTick(this.#report, text);
  }

  #sendBuffer(): number {
    return getOption(this.#socket, 'sndBuf');
  }

  #sendError(
    errno: number,
    data: ArrayBufferView,
    place: { address: string; port: number },
    info: SendInfo | undefined,
  ): Error {
    const name = errnoName(errno);
    if (name === 'EMSGSIZE') return messageTooLarge(data.byteLength, this.#sendBuffer(), place);
    const hint =
      name === 'EINVAL' && info?.sid !== undefined
        ? `stream ${String(info.sid)} may be beyond those negotiated (sctp.initMsg.numOstreams)`
        : '';
    return systemError('send', errno, place, hint);
  }
}
