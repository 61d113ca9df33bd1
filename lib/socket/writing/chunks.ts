/** What Writable's buffer holds, and as what it leaves. */
import { Buffer } from 'node:buffer';

import { GatheredChunk } from './gathered-chunk';
import { merged } from './merging';
import type { OutgoingChunk } from './outgoing-chunk';
import type { PendingMessage } from './pending-message';

/** Written to learn when everything before it has been accepted. It is not sent. */
export const NOTHING = Buffer.alloc(0);

const kPending = Symbol('pending');

/** A message of `send`, or one whose outcome somebody wants, names itself; others are only bytes. */
export type Chunk = Buffer & { [kPending]?: PendingMessage };

/** A Buffer of its own: the same one may be written again before this one has left. */
export function chunkOf(data: Buffer, pending: PendingMessage): Chunk {
  const chunk: Chunk = Buffer.from(data.buffer, data.byteOffset, data.length);
  chunk[kPending] = pending;
  return chunk;
}

export function isPending(chunk: Chunk): boolean {
  return chunk[kPending] !== undefined;
}

/** One of `send`, or one with a stream or a PPID of its own. */
export function saysHow(chunk: Chunk): boolean {
  return chunk[kPending]?.info !== undefined;
}

/** Each chunk is a message, or several that were gathered. */
export function messagesOf(chunks: readonly Chunk[]): OutgoingChunk[] {
  const messages: OutgoingChunk[] = [];
  for (const chunk of chunks) {
    const gathered = GatheredChunk.of(chunk);
    if (gathered) messages.push(...gathered.take());
    else if (chunk !== NOTHING) messages.push(toOutgoing(chunk));
  }
  return messages;
}

/** Those of a byte stream: messages of up to `longest` bytes, whatever the chunks were. */
export function mergedMessagesOf(chunks: readonly Chunk[], longest: number): OutgoingChunk[] {
  const messages: OutgoingChunk[] = [];
  let run: Chunk[] = [];
  for (const chunk of chunks) {
    if (isPending(chunk)) {
      messages.push(...merged(run, longest).map(toOutgoing), toOutgoing(chunk)); // of `send`
      run = [];
    } else {
      run.push(chunk);
    }
  }
  messages.push(...merged(run, longest).map(toOutgoing));
  return messages;
}

/** The end follows the last of them. */
export function markLast(messages: OutgoingChunk[]): void {
  const last = messages.at(-1);
  if (last) last.isLast = true;
}

function toOutgoing(chunk: Chunk): OutgoingChunk {
  const pending = chunk[kPending];
  // One shape for all: they pass the same few places.
  return { data: chunk, info: pending?.info, pending, isCollected: false, isLast: false };
}
