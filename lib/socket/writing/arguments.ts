/** The arguments of `write`, `send` and `end`, in all their forms. */
import type { WriteCallback } from '../../../types/messages';

/** The callback among the last arguments of `write`. Writable ignores what is no function; null is usual. */
export function callbackOf(second: unknown, third: unknown): WriteCallback | undefined {
  const callback = typeof second === 'function' ? second : third;
  return typeof callback === 'function' ? (callback as WriteCallback) : undefined;
}

/** `end([chunk[, encoding]][, callback])`; null is no chunk. */
export function endArguments(args: readonly unknown[]): {
  chunk: unknown;
  encoding: BufferEncoding | undefined;
  callback: (() => void) | undefined;
} {
  const callback = args.find((argument) => typeof argument === 'function');
  const [chunk, encoding] = args.filter((argument) => argument !== callback);
  return {
    chunk: chunk ?? undefined,
    encoding: encoding as BufferEncoding | undefined,
    callback: callback as (() => void) | undefined,
  };
}
