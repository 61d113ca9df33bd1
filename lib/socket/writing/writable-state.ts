/** What Writable keeps of a stream, for where asking the stream itself would take several calls. */
import type { Writable } from 'node:stream';

export interface WritableState {
  /** Bytes that wait. */
  length: number;
  /** Of those, what it has handed over. */
  writelen: number;
  readonly highWaterMark: number;
  readonly corked: number;
  /** Somebody waits for 'drain'. */
  needDrain: boolean;
}

export function writableStateOf(stream: Writable): WritableState {
  return (stream as unknown as { _writableState: WritableState })._writableState;
}
