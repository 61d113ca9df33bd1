/** "did you mean": the known name that a misspelt one is close to. */

/** Longer names are not searched: they are no slip of the keyboard. */
const LONGEST_NAME = 40;

/** ` (did you mean 'sid'?)`, for a message; empty if no known name is close. */
export function didYouMean(given: unknown, known: readonly string[]): string {
  if (typeof given !== 'string' || given.length > LONGEST_NAME) return '';
  const wanted = given.toLowerCase();
  let least = Math.max(1, Math.floor(given.length / 3)) + 1;
  let nearest: string | undefined;
  for (const name of known) {
    const edits = distance(wanted, name.toLowerCase());
    if (edits < least) [least, nearest] = [edits, name];
  }
  return nearest === undefined ? '' : ` (did you mean '${nearest}'?)`;
}

/** How many characters are added, removed, replaced, or swapped with the next one. */
export function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const at = (cells: number[], column: number): number => cells[column] as number;
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let least = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + cost);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwap) least = Math.min(least, at(before, j - 2) + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[to.length] as number;
}
