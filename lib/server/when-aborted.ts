/** Calls back, but not at once, when a signal is aborted. @returns what ends the waiting */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  let isWaiting = true;
  const onAbort = (): void => {
    if (isWaiting) callback();
  };
  if (signal.aborted) process.nextTick(onAbort);
  else signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    isWaiting = false;
    signal.removeEventListener('abort', onAbort);
  };
}
