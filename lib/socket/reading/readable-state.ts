/** What Readable keeps of a stream, for where asking the stream itself would take several calls. */
import type { Readable } from 'node:stream';

export interface ReadableState {
  readonly flowing: boolean | null;
  /** Bytes in Readable's own buffer. */
  readonly length: number;
  /** Whether anything was ever read from it. */
  readonly dataEmitted: boolean;
  readonly encoding: BufferEncoding | null;
  readonly destroyed: boolean;
  /** Whether it is asking for data just now. */
  readonly sync: boolean;
}

export function readableStateOf(stream: Readable): ReadableState {
  return (stream as unknown as { _readableState: ReadableState })._readableState;
}

/** Cheaper than its list of events, which has those without listeners, too. */
export function mayHaveListeners(stream: Readable): boolean {
  return (stream as unknown as { _eventsCount?: number })._eventsCount !== 0;
}
