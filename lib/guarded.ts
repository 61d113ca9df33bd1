/** Calls of functions of the user's, whose errors must not stop what is being delivered. */

/**
 * An error that a listener throws is an uncaught exception, as it is for every EventTarget of
 * Node's; the listeners of other events are called all the same.
 */
export function guarded(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
