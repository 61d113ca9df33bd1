/** Received messages as Sockets deliver them: Buffers with `sid`, `ppid` and so on. */
import { Buffer } from 'node:buffer';

import type { Message, MessageInfo } from '../../types/messages';

/** A Buffer to everybody. Added to a finished one, these properties cost as much as the Buffer. */
class DescribedBuffer extends Uint8Array implements MessageInfo {
  declare sid: number;
  declare ppid: number;
  declare unordered: boolean;
  declare context: number;

  constructor(memory: ArrayBuffer, offset: number, length: number, info: MessageInfo) {
    super(memory, offset, length);
    this.sid = info.sid;
    this.ppid = info.ppid;
    this.unordered = info.unordered;
    this.context = info.context;
  }
}

// Its `constructor` and its methods are Buffer's.
Reflect.deleteProperty(DescribedBuffer.prototype, 'constructor');
Object.setPrototypeOf(DescribedBuffer.prototype, Buffer.prototype as object);

/** A view on memory. */
export function describedView(
  memory: ArrayBuffer,
  offset: number,
  length: number,
  info: MessageInfo,
): Message {
  return new DescribedBuffer(memory, offset, length, info) as unknown as Message;
}

/** The Buffer itself, with these properties added unless it has them. */
export function describe(data: Buffer, { sid, ppid, unordered, context }: MessageInfo): Message {
  const message = data as Message;
  if (message instanceof DescribedBuffer) return message;
  message.sid = sid;
  message.ppid = ppid;
  message.unordered = unordered;
  message.context = context;
  return message;
}
