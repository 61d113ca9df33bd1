/** The sending half of a datagram handle: a message waits only if the kernel has no room for it. */
import { constants as os } from 'node:os';
import { debuglog } from 'node:util';

import type { NativeSendInfo, NativeSeqpacketSocket } from '../../types/native';
import { addressHint } from '../address-hint';
import { Outbox } from '../association/outbox';
import { sendError, suspects } from '../association/send-errors';
import { invalidArgValue, messageTooLarge, sendBufferFull } from '../errors';
import { toBuffer } from '../messages/bytes';
import { MessageDefaults } from '../messages/defaults';
import { type CheckedInfo, checkSendInfo } from '../messages/info';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import { getOption } from '../options/options';
import { checkBytes, checkIp, checkPort, type Family } from '../validate';
import { sendErrorText } from './reports';

const { EAGAIN } = os.errno;
const trace = debuglog('kernel-sctp');

interface Outgoing {
  data: ArrayBufferView;
  host: string;
  port: number;
  info: CheckedInfo | undefined;
}

/** A message, ready for the kernel. */
interface ReadyMessage {
  data: Buffer;
  host: string;
  port: number;
  info: NativeSendInfo;
}

export interface SenderConfig {
  /** Of the socket: an IPv4 socket reaches no IPv6 peer. */
  family: Family;
  /** Bytes that may wait, overhead included. */
  limit: number;
  /** Reports a message that was accepted and cannot be sent. */
  report: (text: string) => void;
  /** Nothing waits any more. */
  onIdle: () => void;
}

export class DatagramSender {
  readonly #socket: NativeSeqpacketSocket;
  readonly #config: SenderConfig;
  readonly #defaults: MessageDefaults;
  readonly #outbox: Outbox<ReadyMessage>;
  #sendBuffer: number | undefined;

  constructor(socket: NativeSeqpacketSocket, config: SenderConfig) {
    this.#socket = socket;
    this.#config = config;
    this.#defaults = new MessageDefaults(socket);
    // No `onBroken`: each failure concerns one message, and other peers go on.
    this.#outbox = new Outbox<ReadyMessage>(
      {
        trySend: ({ data, host, port, info }) => socket.send(data, ...info, host, port),
        watch: (on) => {
          socket.watch(true, on);
        },
        onRefused: ({ data, host, port }, errno) => {
          // In a tick of its own: an exception from `onRecv` must not stop the others.
          process.nextTick(config.report, sendErrorText(errno, host, port, data.length));
        },
        onIdle: config.onIdle,
      },
      MESSAGE_OVERHEAD,
    );
    this.#outbox.open();
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
    const message = { data: toBuffer(data), host, port, info: this.#defaults.toNative(info) };
    const result = this.#outbox.try(message);
    if (result >= 0) return result;
    if (result !== -EAGAIN) throw this.#sendError(result, message);
    return this.#enqueue(message);
  }

  /** An option may have changed. */
  reloadOptions(): void {
    this.#defaults.reload();
    this.#sendBuffer = undefined;
  }

  /** The kernel has called the socket writable. */
  flush(): void {
    this.#outbox.flush(true);
  }

  /** How many messages wait for the kernel. */
  get waiting(): number {
    return this.#outbox.length;
  }

  /** Nothing will be sent any more. */
  stop(): void {
    this.#outbox.drop();
  }

  #enqueue(message: ReadyMessage): number {
    const { data, host, port } = message;
    const { bytes } = this.#outbox;
    if (bytes + this.#outbox.charge(data.length) > this.#config.limit) {
      throw sendBufferFull(data.length, bytes, this.#config.limit, { address: host, port });
    }
    const limit = this.#longestMessage;
    if (data.length > limit) {
      throw messageTooLarge(data.length, limit, { address: host, port });
    }
    // Our own copy: the caller may reuse its buffer as soon as send() has returned.
    const copy = Buffer.from(data);
    this.#outbox.queue({ ...message, data: copy });
    trace('queued %d bytes to %s:%d, %d wait', copy.length, host, port, this.#outbox.length);
    return copy.length;
  }

  /** In bytes: the kernel takes no message longer than its send buffer. */
  get #longestMessage(): number {
    return (this.#sendBuffer ??= getOption(this.#socket, 'sndBuf'));
  }

  #sendError(errno: number, { data, host, port, info }: ReadyMessage): Error {
    return sendError({
      errno,
      syscall: 'send',
      length: data.length,
      place: { address: host, port },
      longestMessage: this.#longestMessage,
      remedy: '',
      suspects: [suspectOf(host, info)],
    });
  }
}

/** What the kernel may find invalid about a message that has passed our checks. */
function suspectOf(host: string, [sid]: NativeSendInfo): string {
  const address = addressHint(host);
  if (address !== '') return address;
  return sid === 0
    ? 'the address cannot be reached from the one that the handle is bound to'
    : suspects({ sid }, 'sctp.initMsg.numOstreams').join('');
}
