/**
 * The memory that received messages share with others. One that waits keeps the whole of it, which
 * is much more than itself if what lies beside it was for others. So of all that wait in one queue,
 * the last ones keep one piece; those before them have a copy each.
 */
import type { MessageQueue } from './queue';

export interface SharingMessage {
  data: Buffer;
}

/** Adds a message to a queue all of whose messages came here. */
export function pushSharing<Message extends SharingMessage>(
  queue: MessageQueue<Message>,
  message: Message,
): void {
  const last = queue.at(queue.length - 1)?.data.buffer;
  if (last !== message.data.buffer && isSharing(message)) shareNothing(queue);
  queue.push(message);
}

/** From here on none that waits shares memory. */
export function shareNothing<Message extends SharingMessage>(queue: MessageQueue<Message>): void {
  let piece: ArrayBufferLike | undefined;
  for (let i = queue.length - 1; i >= 0; i--) {
    const message = queue.at(i) as Message;
    if (!isSharing(message)) continue;
    const { buffer } = message.data;
    piece ??= buffer;
    if (buffer !== piece) return; // copied before
    message.data = Buffer.from(message.data);
  }
}

/** Long messages have memory of their own, of which they fill at least half. */
function isSharing({ data }: SharingMessage): boolean {
  return data.length * 2 < data.buffer.byteLength;
}
