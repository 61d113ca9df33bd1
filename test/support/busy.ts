/** Keeps the event loop busy for so many milliseconds. */
export function keepBusy(duration: number): void {
  const end = performance.now() + duration;
  while (performance.now() < end);
}
