/** Received messages as Sockets deliver them: Buffers with `sid`, `ppid` and so on. */
import { Buffer } from 'node:buffer';
import { inspect, type InspectOptions } from 'node:util';

import type { Message, MessageInfo } from '../../types/messages';

const ON_ONE_LINE: InspectOptions = { breakLength: Infinity, compact: true };
const inspectBuffer = (Buffer.prototype as unknown as Record<symbol, unknown>)[inspect.custom] as (
  this: Uint8Array,
  depth: number,
  options: InspectOptions,
) => string;

/** V8 does not inline stores of properties into a typed array, but those of private fields. */
class DescribedBuffer extends Uint8Array implements MessageInfo {
  #info: MessageInfo;

  constructor(memory: ArrayBuffer, offset: number, length: number, info: MessageInfo) {
    super(memory, offset, length);
    this.#info = info;
  }

  static isOne(data: Uint8Array): boolean {
    return #info in data;
  }

  get sid(): number {
    return this.#info.sid;
  }

  set sid(sid: number) {
    this.#info = { ...this.#info, sid };
  }

  get ppid(): number {
    return this.#info.ppid;
  }

  set ppid(ppid: number) {
    this.#info = { ...this.#info, ppid };
  }

  get unordered(): boolean {
    return this.#info.unordered;
  }

  set unordered(unordered: boolean) {
    this.#info = { ...this.#info, unordered };
  }

  get context(): number {
    return this.#info.context;
  }

  set context(context: number) {
    this.#info = { ...this.#info, context };
  }

  /** As Buffers show properties of their own: `<Buffer 68 69, sid: 3, ppid: 46, …>`. */
  [inspect.custom](depth: number, options: InspectOptions): string {
    const { sid, ppid, unordered, context } = this;
    const shown = inspect({ sid, ppid, unordered, context }, { ...options, ...ON_ONE_LINE });
    return `${inspectBuffer.call(this, depth, options).slice(0, -1)}, ${shown.slice(2, -2)}>`;
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

/** The same bytes with these properties: the Buffer itself, if it has them. */
export function describe(data: Buffer, info: MessageInfo): Message {
  if (DescribedBuffer.isOne(data)) return data as Message;
  return describedView(data.buffer as ArrayBuffer, data.byteOffset, data.length, info);
}
