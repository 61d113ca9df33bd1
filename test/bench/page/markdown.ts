/** Pieces of Markdown. Prettier aligns them. */

/** @param alignment a letter for each column, l or r: `lrr` */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: string,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = Array.from(alignment, (letter) => (letter === 'r' ? '--:' : '---'));
  return [heads, rule, ...rows].map(line).join('\n');
}

/** `12 300`: three digits say what a measurement knows. */
export function rounded(value: number | undefined): string {
  if (value === undefined) return '';
  if (value < 100) return value.toPrecision(2);
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 2);
  return grouped(Math.round(value / scale) * scale);
}

/** `100 000`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** Replaces what is between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. */
export function replaceBlock(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
