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
}

export function readableStateOf(stream: Readable): ReadableState {
  return (stream as unknown as { _readableState: ReadableState })._readableState;
}
