/** Messages with mistakes in them, which a seed determines. */

/** Numbers from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A copy of one of `samples` with bytes changed, cut off, put in or taken out; never empty. */
export function malformed(seed: number, samples: readonly Buffer[]): () => Buffer {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const interesting = [0, 1, 3, 4, 7, 8, 0x7f, 0x80, 0xff];
  const change = (bytes: Buffer): Buffer => {
    const at = below(bytes.length);
    switch (below(5)) {
      case 0:
        bytes[at] = interesting[below(interesting.length)] ?? 0;
        return bytes;
      case 1:
        bytes[at] = below(256);
        return bytes;
      case 2:
        return bytes.subarray(0, Math.max(at, 1));
      case 3:
        return Buffer.concat([
          bytes.subarray(0, at),
          Buffer.alloc(1 + below(9)),
          bytes.subarray(at),
        ]);
      default:
        return Buffer.concat([
          bytes.subarray(0, Math.max(at, 1)),
          bytes.subarray(at + 1 + below(9)),
        ]);
    }
  };
  return () => {
    let bytes: Buffer = Buffer.from(samples[below(samples.length)] ?? Buffer.alloc(1));
    for (let changes = 1 + below(3); changes > 0; changes--) bytes = change(bytes);
    return bytes;
  };
}

/** Runs `body` and says with which seed, where it fails. */
export async function seeded(seed: number, body: () => unknown): Promise<void> {
  try {
    await body();
  } catch (error) {
    throw new Error(`with seed ${String(seed)}: ${String(error)}`, { cause: error });
  }
}
