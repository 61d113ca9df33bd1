/** Tells what waits in Writable's buffer since before an event from what was written after it. */
export class Outdated {
  #bytes = 0;
  #error: Error | undefined;

  /** The next so many bytes are out of date. */
  begin(bytes: number, error: Error): void {
    this.#bytes = bytes;
    this.#error = error;
  }

  /** Takes the next message of the buffer. @returns why it must not be sent, if so */
  pass(length: number): Error | undefined {
    if (this.#bytes === 0) return undefined;
    this.#bytes -= length;
    return this.#error;
  }
}
