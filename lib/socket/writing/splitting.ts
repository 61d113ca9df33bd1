/** Chunks of a byte stream that are longer than a message may be (`oversize: 'split'`). */

/** Longer messages have no advantage for a byte stream that is split anyway. */
export const LONGEST_PART = 65536;

/** At least one. */
export function partsOf(data: Buffer, size: number): Buffer[] {
  const count = Math.max(1, Math.ceil(data.length / size));
  return Array.from({ length: count }, (_, i) => data.subarray(i * size, (i + 1) * size));
}
